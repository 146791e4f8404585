-- name: TwoFactorOf :one
-- TwoFactorOf gives the row of a user, which nobody else changes until the
-- transaction ends.
SELECT id::text AS id, secret, "backupCodes" AS backup_codes, verified,
    "failedVerificationCount" AS failures, "lockedUntil" AS locked_until
FROM "twoFactor" WHERE "userId" = sqlc.arg(user_id)
LIMIT 1 FOR UPDATE;

-- name: TwoFactorInsert :exec
INSERT INTO "twoFactor" (id, secret, "backupCodes", "userId", verified, "failedVerificationCount")
VALUES ($1, $2, $3, $4, $5, 0);

-- name: TwoFactorReplace :exec
-- TwoFactorReplace sets up anew what has not been verified yet.
UPDATE "twoFactor" SET secret = sqlc.arg(secret), "backupCodes" = sqlc.arg(backup_codes), verified = sqlc.arg(verified)
WHERE id = sqlc.arg(id);

-- name: TwoFactorSetVerified :exec
UPDATE "twoFactor" SET verified = true WHERE id = sqlc.arg(id);

-- name: TwoFactorSetBackupCodes :execrows
-- TwoFactorSetBackupCodes puts other codes in the place of those that were read.
UPDATE "twoFactor" SET "backupCodes" = sqlc.arg(codes) WHERE id = sqlc.arg(id) AND "backupCodes" = sqlc.arg(seen);

-- name: TwoFactorDelete :execrows
DELETE FROM "twoFactor" WHERE "userId" = sqlc.arg(user_id);

-- name: TwoFactorCountFailure :exec
-- TwoFactorCountFailure counts a wrong code, and shuts the second factor of the
-- user with the last one that is allowed.
UPDATE "twoFactor" SET
    "failedVerificationCount" = coalesce("failedVerificationCount", 0) + 1,
    "lockedUntil" = CASE WHEN coalesce("failedVerificationCount", 0) + 1 >= sqlc.arg(most)::integer
        THEN sqlc.arg(until)::timestamptz ELSE "lockedUntil" END
WHERE id = sqlc.arg(id);

-- name: TwoFactorUnlock :exec
-- TwoFactorUnlock begins to count anew when the time is over for which a second
-- factor was shut.
UPDATE "twoFactor" SET "failedVerificationCount" = 0, "lockedUntil" = NULL
WHERE id = sqlc.arg(id) AND "lockedUntil" <= sqlc.arg(now)::timestamptz;

-- name: TwoFactorForgetFailures :exec
-- TwoFactorForgetFailures begins to count anew after a right code.
UPDATE "twoFactor" SET "failedVerificationCount" = 0, "lockedUntil" = NULL WHERE id = sqlc.arg(id);

-- name: TwoFactorAcceptStep :execrows
-- TwoFactorAcceptStep takes the code of a step of time, if no code of this step or
-- a later one has been taken.
INSERT INTO sallyport.totp_step AS s (two_factor, began, ends_at) VALUES (sqlc.arg(two_factor), sqlc.arg(began), sqlc.arg(ends_at))
ON CONFLICT (two_factor) DO UPDATE SET began = excluded.began, ends_at = excluded.ends_at WHERE s.began < excluded.began;

-- name: TwoFactorSweepSteps :execrows
-- TwoFactorSweepSteps deletes last steps whose codes would not be taken anyway.
DELETE FROM sallyport.totp_step WHERE two_factor = ANY (ARRAY(
    SELECT t.two_factor FROM sallyport.totp_step t WHERE t.ends_at <= sqlc.arg(before)
    ORDER BY t.ends_at LIMIT sqlc.arg(most) FOR UPDATE SKIP LOCKED));

-- name: TwoFactorCountSealed :many
-- TwoFactorCountSealed counts rows by the secrets that have encrypted them: those
-- without a version have no tag.
SELECT coalesce(substring(secret FROM '^[$]ba[$][0-9]+[$]'), '')::text AS secret_tag,
    coalesce(substring("backupCodes" FROM '^[$]ba[$][0-9]+[$]'), '')::text AS codes_tag, count(*) AS rows
FROM "twoFactor" GROUP BY 1, 2 ORDER BY 1, 2;

-- name: TwoFactorSampleSealed :many
-- TwoFactorSampleSealed gives some of the secrets with a tag, and of the backup codes
-- with it whose secret has another one.
(SELECT secret FROM "twoFactor"
WHERE coalesce(substring(secret FROM '^[$]ba[$][0-9]+[$]'), '') = sqlc.arg(tag)::text LIMIT sqlc.arg(most))
UNION ALL
(SELECT "backupCodes" FROM "twoFactor"
WHERE sqlc.arg(codes)::bool AND coalesce(substring("backupCodes" FROM '^[$]ba[$][0-9]+[$]'), '') = sqlc.arg(tag)::text
    AND coalesce(substring(secret FROM '^[$]ba[$][0-9]+[$]'), '') <> sqlc.arg(tag)::text LIMIT sqlc.arg(most));
