package config

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// setText stores a text from the environment, from ${NAME} or from a default tag in an option of any
// scalar type. A list takes it as a comma list. Errors are as Unmarshaler's.
func setText(value reflect.Value, text string) error {
	if custom, ok := as[VariableUnmarshaler](value); ok {
		return custom.UnmarshalVariable(text)
	}
	switch value.Type() {
	case secretType:
		value.Set(reflect.ValueOf(NewSecret(text)))
		return nil
	case durationType:
		duration, err := ParseDuration(text)
		value.SetInt(int64(duration))
		return err
	}
	return setTextByKind(value, text)
}

func setTextByKind(value reflect.Value, text string) error {
	switch value.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(value.Type().Elem())
		err := setText(fresh.Elem(), text)
		value.Set(fresh)
		return err
	case reflect.String:
		value.SetString(text)
		return nil
	case reflect.Bool:
		value.SetBool(text == "true")
		if text != "true" && text != "false" {
			return errBool
		}
		return nil
	case reflect.Int, reflect.Int64:
		return setIntText(value, text)
	case reflect.Slice:
		return setListText(value, text)
	}
	return fmt.Errorf("has no form as a text")
}

func setIntText(value reflect.Value, text string) error {
	number, err := strconv.ParseInt(text, 10, value.Type().Bits())
	if err != nil {
		return errInt
	}
	value.SetInt(number)
	return nil
}

func setListText(value reflect.Value, text string) error {
	value.Set(reflect.MakeSlice(value.Type(), 0, 1))
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		fresh := reflect.New(value.Type().Elem()).Elem()
		if err := setText(fresh, item); err != nil {
			return err
		}
		value.Set(reflect.Append(value, fresh))
	}
	return nil
}

var (
	errBool   = errors.New("must be true or false")
	errInt    = errors.New("must be a whole number")
	errText   = errors.New("must be a text; put it in quotes")
	errList   = errors.New("must be a list")
	errForm   = errors.New("has a form that this option does not take")
	errObject = errors.New("must be an object, keys with values")
)
