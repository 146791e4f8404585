-- name: JWTListKeys :many
-- JWTListKeys gives every key, oldest first, with the time from which it signs.
SELECT j.id::text AS id, j."publicKey", j."privateKey", j."createdAt", j."expiresAt", j.alg, j.crv, a.signs_from
FROM jwks j
LEFT JOIN sallyport.key_activation a ON a.kid = j.id::text
ORDER BY j."createdAt", j.id;

-- name: JWTInsertKey :exec
INSERT INTO jwks (id, "publicKey", "privateKey", "createdAt", "expiresAt", alg, crv)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: JWTActivateKey :exec
-- JWTActivateKey sets the time from which a key signs.
INSERT INTO sallyport.key_activation (kid, signs_from) VALUES ($1, $2)
ON CONFLICT (kid) DO UPDATE SET signs_from = excluded.signs_from;

-- name: JWTExpireKey :execrows
-- JWTExpireKey ends a key at a time, unless it ends earlier.
UPDATE jwks SET "expiresAt" = sqlc.arg(at)::timestamptz
WHERE id::text = $1 AND ("expiresAt" IS NULL OR "expiresAt" > sqlc.arg(at)::timestamptz);

-- name: JWTLockRotation :exec
-- JWTLockRotation makes rotations of several instances come one after another:
-- the row stays locked until the transaction ends.
INSERT INTO sallyport.key_rotation (name, rotated_at) VALUES ('jwks', $1)
ON CONFLICT (name) DO UPDATE SET rotated_at = excluded.rotated_at;
