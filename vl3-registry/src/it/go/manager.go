package main

import (
	"context"
	"flag"
	"net/url"
	"strings"
	"time"

	"github.com/edwarnicke/genericsync"
	registryapi "github.com/networkservicemesh/api/pkg/api/registry"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"google.golang.org/grpc"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/cls"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/kernel"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/memif"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/vxlan"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/client"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/endpoint"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/nsmgr"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/authorize"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/connect"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/discover"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/excludedprefixes"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/recvfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/sendfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanismtranslation"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/null"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/roundrobin"
	"github.com/networkservicemesh/sdk/pkg/networkservice/core/next"
	registryclient "github.com/networkservicemesh/sdk/pkg/registry/chains/client"
	registryauthorize "github.com/networkservicemesh/sdk/pkg/registry/common/authorize"
	registryrecvfd "github.com/networkservicemesh/sdk/pkg/registry/common/recvfd"
	registrysendfd "github.com/networkservicemesh/sdk/pkg/registry/common/sendfd"
	authmonitor "github.com/networkservicemesh/sdk/pkg/tools/monitorconnection/authorize"
)

const dialTimeout = 2 * time.Second

// forwarderSettings is what the forwarder beside a manager needs.
type forwarderSettings struct {
	security *security
	manager  *url.URL
	listen   *url.URL
	offers   string
	excluded string
}

// managerPart is the SDK's manager, with a forwarder that joins requests but moves no packets.
func managerPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	name := flags.String("name", "nsmgr", "the manager's name")
	listen := urlFlag(flags, "listen", "where to listen")
	public := urlFlag(flags, "public", "where it listens for other nodes and domains too")
	registry := urlFlag(flags, "registry", "the registry; without one, the manager's own")
	forwarder := urlFlag(flags, "forwarder", "where the forwarder listens")
	offers := flags.String("offers", kernel.MECHANISM, "mechanisms offered to endpoints, in order")
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
		settings := forwarderSettings{security, listen, forwarder, *offers, *excluded}
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

func (f *forwarderSettings) start(ctx context.Context, name string, lines *lines) error {
	server := endpoint.NewServer(ctx, f.security.tokens(),
		endpoint.WithName(name),
		endpoint.WithAdditionalFunctionality(
			recvfd.NewServer(),
			sendfd.NewServer(),
			f.excludes(ctx),
			discover.NewServer(f.services(ctx), f.endpoints(ctx, registryrecvfd.NewNetworkServiceEndpointRegistryClient())),
			roundrobin.NewServer(),
			mechanisms.NewServer(map[string]networkservice.NetworkServiceServer{
				kernel.MECHANISM: null.NewServer(),
				memif.MECHANISM:  null.NewServer(),
				vxlan.MECHANISM:  null.NewServer(),
			}),
			connect.NewServer(f.client(ctx, name)),
		))
	if err := f.security.serve(ctx, lines, f.listen, func(s *grpc.Server) { server.Register(s) }); err != nil {
		return err
	}
	_, err := f.endpoints(ctx, registrysendfd.NewNetworkServiceEndpointRegistryClient()).Register(ctx,
		&registryapi.NetworkServiceEndpoint{
			Name:                name,
			NetworkServiceNames: []string{"forwarder"},
			NetworkServiceLabels: map[string]*registryapi.NetworkServiceLabels{
				"forwarder": {Labels: map[string]string{"p2p": "true"}},
			},
			Url: f.listen.String(),
		})
	return err
}

// excludes is the element of NSM's managers, here with a file of the test's.
func (f *forwarderSettings) excludes(ctx context.Context) networkservice.NetworkServiceServer {
	if f.excluded == "" {
		return null.NewServer()
	}
	return excludedprefixes.NewServer(ctx, excludedprefixes.WithConfigPath(f.excluded))
}

// client asks endpoints for the forwarder's mechanisms in place of the workload's.
func (f *forwarderSettings) client(ctx context.Context, name string) networkservice.NetworkServiceClient {
	return client.NewClient(ctx,
		client.WithName(name),
		client.WithoutRefresh(),
		client.WithDialOptions(f.security.dialOptions()...),
		client.WithDialTimeout(dialTimeout),
		client.WithAdditionalFunctionality(
			mechanismtranslation.NewClient(),
			offer(strings.Split(f.offers, ",")),
			recvfd.NewClient(),
			sendfd.NewClient(),
		))
}

func (f *forwarderSettings) services(ctx context.Context) registryapi.NetworkServiceRegistryClient {
	return registryclient.NewNetworkServiceRegistryClient(ctx,
		registryclient.WithClientURL(copied(f.manager)),
		registryclient.WithDialOptions(f.security.dialOptions()...))
}

func (f *forwarderSettings) endpoints(
	ctx context.Context, extra registryapi.NetworkServiceEndpointRegistryClient,
) registryapi.NetworkServiceEndpointRegistryClient {
	return registryclient.NewNetworkServiceEndpointRegistryClient(ctx,
		registryclient.WithClientURL(copied(f.manager)),
		registryclient.WithNSEAdditionalFunctionality(extra),
		registryclient.WithDialOptions(f.security.dialOptions()...))
}

// offer is a client element that prefers mechanisms in an order.
type offer []string

func (o offer) Request(ctx context.Context, request *networkservice.NetworkServiceRequest, opts ...grpc.CallOption) (*networkservice.Connection, error) {
	for _, mechanism := range o {
		if mechanism == vxlan.MECHANISM {
			request.MechanismPreferences = append(request.MechanismPreferences,
				&networkservice.Mechanism{Cls: cls.REMOTE, Type: mechanism})
			continue
		}
		request.MechanismPreferences = append(request.MechanismPreferences, &networkservice.Mechanism{
			Cls:  cls.LOCAL,
			Type: mechanism,
			Parameters: map[string]string{
				"inodeURL": "file:///proc/thread-self/ns/net",
				"name":     "forwarded",
			},
		})
	}
	return next.Client(ctx).Request(ctx, request, opts...)
}

func (o offer) Close(ctx context.Context, conn *networkservice.Connection, opts ...grpc.CallOption) (*emptypb, error) {
	return next.Client(ctx).Close(ctx, conn, opts...)
}
