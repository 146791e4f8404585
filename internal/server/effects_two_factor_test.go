package server_test

import "maps"

func init() {
	maps.Copy(proofs, map[string]string{
		"plugins.twoFactor.issuer":                              "TestDefaultsOfOptions",
		"plugins.twoFactor.totpOptions.digits":                  "TestDefaultsOfOptions",
		"plugins.twoFactor.totpOptions.period":                  "TestDefaultsOfOptions",
		"plugins.twoFactor.totpOptions.disable":                 "TestDefaultsOfOptions",
		"plugins.twoFactor.totpOptions.allowPasswordless":       "TestDefaultsOfOptions",
		"plugins.twoFactor.otpOptions.sendOTP":                  "TestDefaultsOfOptions",
		"plugins.twoFactor.otpOptions.period":                   "TestDefaultsOfOptions",
		"plugins.twoFactor.otpOptions.digits":                   "TestDefaultsOfOptions",
		"plugins.twoFactor.otpOptions.allowedAttempts":          "TestDefaultsOfOptions",
		"plugins.twoFactor.otpOptions.storeOTP":                 "TestDefaultsOfOptions",
		"plugins.twoFactor.backupCodeOptions.amount":            "TestDefaultsOfOptions",
		"plugins.twoFactor.backupCodeOptions.length":            "TestDefaultsOfOptions",
		"plugins.twoFactor.backupCodeOptions.storeBackupCodes":  "TestDefaultsOfOptions",
		"plugins.twoFactor.backupCodeOptions.allowPasswordless": "TestDefaultsOfOptions",
		"plugins.twoFactor.skipVerificationOnEnable":            "TestDefaultsOfOptions",
		"plugins.twoFactor.allowPasswordless":                   "TestDefaultsOfOptions",
		"plugins.twoFactor.twoFactorCookieMaxAge":               "TestDefaultsOfOptions",
		"plugins.twoFactor.trustDeviceMaxAge":                   "TestDefaultsOfOptions",
		"plugins.twoFactor.accountLockout.enabled":              "TestDefaultsOfOptions",
		"plugins.twoFactor.accountLockout.maxFailedAttempts":    "TestDefaultsOfOptions",
		"plugins.twoFactor.accountLockout.durationSeconds":      "TestDefaultsOfOptions",
		"plugins.twoFactor.gate":                                "TestDefaultsOfOptions",
		"plugins.twoFactor.twoFactorTable":                      "TestNamesOfTableAndColumns",
		"plugins.twoFactor.schema.user.fields":                  "TestNamesOfTableAndColumns",
		"plugins.twoFactor.schema.twoFactor.modelName":          "TestNamesOfTableAndColumns",
		"plugins.twoFactor.schema.twoFactor.fields":             "TestNamesOfTableAndColumns",
	})
	elsewhere = append(
		elsewhere, "two-factor-enabled", "two-factor-disabled", "two-factor-verified", "two-factor-failed",
		"backup-codes-generated", "backup-code-used",
	)
}
