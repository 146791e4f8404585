package carry

import "strings"

// substitutes are the words for functions that the list of options has none for, because there the option
// is a value or does not exist. They continue a sentence. The first that fits counts.
var substitutes = []struct{ name, words string }{
	{"trustedOrigins", "list the origins; a * in one stands for any part of a host"},
	{"baseURL", "name the one address that browsers use"},
	{"account.accountLinking.trustedProviders", "list the providers"},
	{"session.cookieCache.version", "write a text, and change it where cookies are to become void"},
	{"verification.storeIdentifier", "write plain or hashed"},
	{"verification.storeIdentifier.*", "write hashed, which is SHA-256; links that were mailed before are void"},
	{"advanced.database.generateId", "write uuid or serial, or leave it out for 32 random characters; existing ids stay what they are"},
	{"rateLimit.customRules.*", "write window and max, or false"},
	{"*.additionalFields.*.defaultValue", "write a value that is always the same, or give the column a trigger in the database"},
	{"emailAndPassword.password.*", "passwords are hashed with scrypt as Better Auth's default does; a hash in account.password that names its algorithm, such as bcrypt or Argon2, is checked by it and replaced at the next sign-in, and any other is wrong until it is reset"},
	{"secondaryStorage", "where it is Redis, set secondaryStorage.url, or REDIS_URL"},
	{"*.mapProfileToUser", "write each field with its place in the profile, such as nick: info.nick_name"},
	{"socialProviders.*", "write the provider's options as values"},
	{"plugins.genericOAuth.config*.accountSubject", "write where the user's lasting id stands in the profile, such as user.id"},
	{"plugins.genericOAuth.config*.refreshTokenParams", "write the parameters, which are the same at each renewal"},
	{"plugins.genericOAuth.config", "write each provider's options as values"},
	{"plugins.admin.bannedUserMessage", "write the text"},
	{"plugins.username.*Validator", "write it as a regular expression (RE2)"},
	{"plugins.username.*Normalization", "write lowercase, trim or false"},
	{"plugins.jwt.jwt.definePayload", "write each claim as an expression over user and session, such as user.email"},
	{"plugins.jwt.jwt.getSubject", "write an expression over user and session, such as user.id"},
	{"plugins.twoFactor.otpOptions.storeOTP", "write plain, hashed or encrypted"},
	{"plugins.twoFactor.otpOptions.storeOTP.*", "write storeOTP: hashed or encrypted; codes that are on their way are void"},
	{"plugins.twoFactor.backupCodeOptions.storeBackupCodes", "write encrypted or plain"},
	{"plugins.twoFactor.backupCodeOptions.storeBackupCodes.*", "write storeBackupCodes: encrypted; users make new codes"},
	{"plugins.next-cookies", "is for calls of auth.api in the process of the app, of which there are none any more"},
	{"plugins.tanstack-start-cookies", "is for calls of auth.api in the process of the app, of which there are none any more"},
	{"plugins.sveltekit-cookies", "is for calls of auth.api in the process of the app, of which there are none any more"},
	{"plugins.expo", "is a plugin that this server does not have; list the app's scheme, such as myapp://, in trustedOrigins"},
	{"plugins.test-utils", "is for tests of Better Auth itself; leave it out"},
}

// substituteFor gives "; " and the words, or "".
func substituteFor(name string) string {
	for _, s := range substitutes {
		if matches(s.name, name) {
			return "; " + s.words
		}
	}
	return ""
}

// matches compares a name with a pattern, in which * stands for anything but nothing.
func matches(pattern, name string) bool {
	before, after, star := strings.Cut(pattern, "*")
	rest, begins := strings.CutPrefix(name, before)
	if !star || !begins {
		return begins && rest == ""
	}
	for i := 1; i <= len(rest); i++ {
		if matches(after, rest[i:]) {
			return true
		}
	}
	return false
}
