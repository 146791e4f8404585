package schema

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	decimalForm = regexp.MustCompile(`^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$`)
	radixForm   = regexp.MustCompile(`^0(?:[xX][0-9A-Fa-f]+|[oO][0-7]+|[bB][01]+)$`)
)

// ParseNumber reads a number as JavaScript's Number does (ECMA-262, section
// 7.1.4.1): an empty text is 0, and what is no number is NaN.
func ParseNumber(text string) float64 {
	text = TrimSpace(text)
	switch {
	case text == "":
		return 0
	case decimalForm.MatchString(text):
		n, _ := strconv.ParseFloat(text, 64) // an infinity where it is too large
		return n
	case radixForm.MatchString(text):
		return parseRadix(text)
	}
	switch text {
	case "Infinity", "+Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	return math.NaN()
}

func parseRadix(text string) float64 {
	base := map[byte]float64{'x': 16, 'o': 8, 'b': 2}[text[1]|0x20]
	n := 0.0
	for i := 2; i < len(text); i++ {
		digit, _ := strconv.ParseUint(text[i:i+1], 16, 8)
		n = n*base + float64(digit)
	}
	return n
}

// NumberText writes a number as JavaScript does.
func NumberText(n float64) string {
	switch {
	case math.IsNaN(n):
		return "NaN"
	case math.IsInf(n, 0):
		return strings.TrimPrefix(strconv.FormatFloat(n, 'g', -1, 64), "+") + "inity"
	case n == 0:
		return "0"
	}
	return jsonText(n)
}

// TrimSpace takes off what JavaScript counts as space or the end of a line.
func TrimSpace(text string) string {
	return strings.TrimFunc(text, func(r rune) bool {
		switch {
		case r >= '\t' && r <= '\r', r == ' ', r == 0xA0, r == 0xFEFF, r == 0x1680, r >= 0x2000 && r <= 0x200A:
			return true
		}
		return r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
	})
}
