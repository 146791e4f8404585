-- name: AuthUseLink :execrows
-- AuthUseLink notes that a link was used, and changes nothing where it was used before.
INSERT INTO sallyport.used_link (hash, expires_at) VALUES ($1, $2)
ON CONFLICT (hash) DO NOTHING;

-- name: AuthCutLinks :exec
-- AuthCutLinks ends the links that a user was sent until now.
INSERT INTO sallyport.link_cutoff (user_id, issued_until, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET issued_until = excluded.issued_until, expires_at = excluded.expires_at;

-- name: AuthLinkCutoff :one
-- AuthLinkCutoff gives the time until which a user's links have ended.
SELECT issued_until
FROM sallyport.link_cutoff WHERE user_id = $1;
