package outbound

import (
	"errors"
	"net/netip"
)

// Networks are networks in a configuration: ranges such as 10.0.0.0/8, or single
// addresses.
type Networks []netip.Prefix

var errNetworks = errors.New("must be a list of addresses and CIDR ranges, such as 10.0.0.0/8")

// UnmarshalOption takes a list of texts.
func (n *Networks) UnmarshalOption(value any) error {
	list, ok := value.([]any)
	if !ok {
		return errNetworks
	}
	*n = Networks{}
	for _, item := range list {
		text, _ := item.(string)
		network, err := parseNetwork(text)
		if err != nil {
			return errNetworks
		}
		*n = append(*n, network)
	}
	return nil
}

// OptionSchema describes the same in JSON Schema.
func (Networks) OptionSchema() map[string]any {
	return map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
}

func parseNetwork(text string) (netip.Prefix, error) {
	if network, err := netip.ParsePrefix(text); err == nil {
		return network.Masked(), nil
	}
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" {
		return netip.Prefix{}, errNetworks
	}
	return address.Unmap().Prefix(address.Unmap().BitLen())
}
