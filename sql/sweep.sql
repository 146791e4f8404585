-- name: SweepHold :execrows
-- SweepHold takes the sweeping, or keeps it, until a time. It touches no row
-- while another holder has it; a time too far ahead is some clock's mistake.
INSERT INTO sallyport.sweep_lease (name, holder, held_until) VALUES ('rows', sqlc.arg(holder), sqlc.arg(until))
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE sweep_lease.holder = excluded.holder
   OR sweep_lease.held_until <= sqlc.arg(now)
   OR sweep_lease.held_until > sqlc.arg(farthest);

-- name: SweepUsedLinks :execrows
-- SweepUsedLinks deletes used links that ended before a time.
DELETE FROM sallyport.used_link WHERE hash = ANY (ARRAY(
    SELECT u.hash FROM sallyport.used_link u WHERE u.expires_at <= sqlc.arg(before)
    ORDER BY u.expires_at LIMIT sqlc.arg(most) FOR UPDATE SKIP LOCKED));

-- name: SweepLinkCutoffs :execrows
-- SweepLinkCutoffs deletes ends of links that have all ended before a time.
DELETE FROM sallyport.link_cutoff WHERE user_id = ANY (ARRAY(
    SELECT c.user_id FROM sallyport.link_cutoff c WHERE c.expires_at <= sqlc.arg(before)
    ORDER BY c.expires_at LIMIT sqlc.arg(most) FOR UPDATE SKIP LOCKED));

-- name: SweepAttempts :execrows
-- SweepAttempts deletes counters of tries that are all long past. They are found again
-- by their places in the table, which are theirs while they are locked.
DELETE FROM sallyport.attempt WHERE ctid = ANY (ARRAY(
    SELECT a.ctid FROM sallyport.attempt a WHERE a.expires_at <= sqlc.arg(before)
    ORDER BY a.expires_at LIMIT sqlc.arg(most) FOR UPDATE SKIP LOCKED));

-- name: SweepKnownAddresses :execrows
-- SweepKnownAddresses deletes addresses that nobody has signed in from since a time.
DELETE FROM sallyport.known_address WHERE address = ANY (ARRAY(
    SELECT k.address FROM sallyport.known_address k WHERE k.seen_at <= sqlc.arg(before)
    ORDER BY k.seen_at LIMIT sqlc.arg(most) FOR UPDATE SKIP LOCKED));
