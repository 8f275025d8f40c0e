package main

import (
	"context"
	"flag"
	"time"

	"github.com/networkservicemesh/sdk/pkg/registry/chains/memory"
	"github.com/networkservicemesh/sdk/pkg/registry/common/authorize"
)

// registryPolicies are those that NSM's registries and managers are run with. Network services go
// without unless a test asks: several identities register the same one here, and all but the first
// of the reference's would not start.
var registryPolicies = authorize.WithPolicies("etc/nsm/opa/common/.*.rego", "etc/nsm/opa/registry/.*.rego")

// registryPart is the SDK's registry in memory.
func registryPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	listen := urlFlag(flags, "listen", "where to listen")
	owned := flags.Bool("owned-services", false, "a network service belongs to who first registered it")
	expiry := flags.Duration("expiry", time.Minute, "how long a registration lasts")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		options := []memory.Option{
			memory.WithDefaultExpiration(*expiry),
			memory.WithDialOptions(security.dialOptions()...),
		}
		if security.source != nil {
			services := authorize.Any()
			if *owned {
				services = registryPolicies
			}
			options = append(options,
				memory.WithAuthorizeNSERegistryServer(authorize.NewNetworkServiceEndpointRegistryServer(registryPolicies)),
				memory.WithAuthorizeNSRegistryServer(authorize.NewNetworkServiceRegistryServer(services)))
		}
		server := memory.NewServer(ctx, security.tokens(), options...)
		if err := security.serve(ctx, lines, listen, server.Register); err != nil {
			return err
		}
		lines.event("ready", listen.String(), nil)
		return nil
	}
}
