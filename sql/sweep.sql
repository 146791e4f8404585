-- name: SweepHold :execrows
-- SweepHold takes the sweeping, or keeps it, until a time. It touches no row
-- while another holder has it; a time too far ahead is some clock's mistake.
INSERT INTO sallyport.sweep_lease (name, holder, held_until) VALUES ('rows', sqlc.arg(holder), sqlc.arg(until))
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE sweep_lease.holder = excluded.holder
   OR sweep_lease.held_until <= sqlc.arg(now)
   OR sweep_lease.held_until > sqlc.arg(farthest);
