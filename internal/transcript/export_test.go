package transcript

// TOTPCode is the function totp of placeholders.
var TOTPCode = totpCode
