package main

import (
	"context"
	"flag"
	"time"

	"github.com/networkservicemesh/sdk/pkg/registry/chains/memory"
)

// registryPart is the SDK's registry in memory.
func registryPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	listen := urlFlag(flags, "listen", "where to listen")
	expiry := flags.Duration("expiry", time.Minute, "how long a registration lasts")
	return func(ctx context.Context, lines *lines) error {
		server := memory.NewServer(ctx, security.tokens(),
			memory.WithDefaultExpiration(*expiry),
			memory.WithDialOptions(security.dialOptions()...))
		if err := security.serve(ctx, lines, listen, server.Register); err != nil {
			return err
		}
		lines.event("ready", listen.String(), nil)
		return nil
	}
}
