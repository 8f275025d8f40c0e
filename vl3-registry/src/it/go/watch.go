package main

import (
	"context"
	"flag"

	"github.com/networkservicemesh/api/pkg/api/registry"
	registryclient "github.com/networkservicemesh/sdk/pkg/registry/chains/client"
)

// watchPart reports who is registered for a service, and every change of that.
func watchPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	connect := urlFlag(flags, "connect", "the registry, or a manager")
	service := flags.String("service", "", "the network service; without it, every endpoint")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		endpoints := registryclient.NewNetworkServiceEndpointRegistryClient(ctx,
			registryclient.WithClientURL(copied(connect)),
			registryclient.WithDialOptions(security.dialOptions()...))
		query := &registry.NetworkServiceEndpointQuery{
			NetworkServiceEndpoint: &registry.NetworkServiceEndpoint{},
			Watch:                  true,
		}
		if *service != "" {
			query.NetworkServiceEndpoint.NetworkServiceNames = []string{*service}
		}
		stream, err := endpoints.Find(ctx, query)
		if err != nil {
			return err
		}
		lines.event("ready", connect.String(), nil)
		go func() {
			for {
				found, err := stream.Recv()
				if err != nil {
					lines.event("ended", err.Error(), nil)
					return
				}
				what := "registered"
				if found.GetDeleted() {
					what = "gone"
				}
				lines.event(what, found.GetNetworkServiceEndpoint().GetName(), nil)
			}
		}()
		return nil
	}
}
