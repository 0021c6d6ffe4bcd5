package app

import (
	"bytes"
	"fmt"
	"os"

	"preau/core/notify"
)

// texted is the flags of a command from which text messages leave.
type texted struct {
	SMS    string `name:"sms-gateway" help:"Service that sends text messages, https://…: it is given the urgent notices, and nothing else. Without it none is sent." placeholder:"URL"`
	SMSKey string `name:"sms-key-file" help:"File of the key that signs what the service of --sms-gateway is given, 32 bytes at least." type:"path" placeholder:"FILE"`
}

// gateway makes the way by which text messages leave; nil when there is none.
func (t texted) gateway() (*notify.Gateway, error) {
	if t.SMS == "" && t.SMSKey == "" {
		return nil, nil
	}
	if t.SMS == "" || t.SMSKey == "" {
		return nil, usage("--sms-gateway and --sms-key-file go together")
	}
	key, err := os.ReadFile(t.SMSKey)
	if err != nil {
		return nil, fmt.Errorf("the key of --sms-gateway: %w", err)
	}
	gateway, err := notify.NewGateway(t.SMS, bytes.TrimSpace(key))
	if err != nil {
		return nil, usage("%v", err)
	}
	return gateway, nil
}
