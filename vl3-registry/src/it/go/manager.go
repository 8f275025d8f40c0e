package main

import (
	"context"
	"flag"
	"net"
	"time"

	"github.com/edwarnicke/genericsync"
	"github.com/spiffe/go-spiffe/v2/spiffeid"

	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/kernel"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/nsmgr"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/authorize"
	registryauthorize "github.com/networkservicemesh/sdk/pkg/registry/common/authorize"
	authmonitor "github.com/networkservicemesh/sdk/pkg/tools/monitorconnection/authorize"
)

const dialTimeout = 2 * time.Second

// managerPart is the SDK's manager, with a forwarder that joins requests, and packets where it has an
// address for tunnels.
func managerPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	name := flags.String("name", "nsmgr", "the manager's name")
	listen := urlFlag(flags, "listen", "where to listen")
	public := urlFlag(flags, "public", "where it listens for other nodes and domains too")
	registry := urlFlag(flags, "registry", "the registry; without one, the manager's own")
	forwarder := urlFlag(flags, "forwarder", "where the forwarder listens")
	offers := flags.String("offers", kernel.MECHANISM, "mechanisms offered to endpoints, in order")
	tunnel := flags.String("tunnel", "", "the node's address for tunnels; without it, no packets move")
	excluded := flags.String("excluded", "", "the file of the prefixes that requests exclude")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		options := []nsmgr.Option{
			nsmgr.WithName(*name),
			nsmgr.WithDialOptions(security.dialOptions()...),
			nsmgr.WithDialTimeout(dialTimeout),
		}
		if security.source != nil {
			options = append(options, authorizing()...)
		}
		if given(registry) {
			options = append(options, nsmgr.WithRegistry(registry))
		}
		if given(public) {
			options = append(options, nsmgr.WithURL(public.String()))
		} else if listen.Scheme == "tcp" {
			options = append(options, nsmgr.WithURL(listen.String()))
		}
		server := nsmgr.NewServer(ctx, security.tokens(), options...)
		if err := security.serve(ctx, lines, listen, server.Register); err != nil {
			return err
		}
		if given(public) {
			if err := security.serve(ctx, lines, public, server.Register); err != nil {
				return err
			}
		}
		settings := forwarderSettings{security, listen, forwarder, *offers, *excluded, net.ParseIP(*tunnel)}
		if err := settings.start(ctx, *name+"-forwarder", lines); err != nil {
			return err
		}
		lines.event("ready", listen.String(), nil)
		return nil
	}
}

// authorizing has NSM's own policies checked.
func authorizing() []nsmgr.Option {
	var owners genericsync.Map[spiffeid.ID, *genericsync.Map[string, struct{}]]
	return []nsmgr.Option{
		nsmgr.WithAuthorizeServer(authorize.NewServer(authorize.WithSpiffeIDConnectionMap(&owners))),
		nsmgr.WithAuthorizeMonitorConnectionServer(
			authmonitor.NewMonitorConnectionServer(authmonitor.WithSpiffeIDConnectionMap(&owners))),
		nsmgr.WithAuthorizeNSERegistryServer(registryauthorize.NewNetworkServiceEndpointRegistryServer(registryPolicies)),
		nsmgr.WithAuthorizeNSRegistryServer(registryauthorize.NewNetworkServiceRegistryServer()),
	}
}
