package legacy_test

import "encoding/base64"

// mustBase64 reads what stands in a test.
func mustBase64(text string) []byte {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return raw
}
