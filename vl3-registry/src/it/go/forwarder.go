package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/cls"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/kernel"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/memif"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/vxlan"
	registryapi "github.com/networkservicemesh/api/pkg/api/registry"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/client"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/endpoint"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/connect"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/discover"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/excludedprefixes"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/filtermechanisms"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/recvfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/sendfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/vxlan/vni"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanismtranslation"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/null"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/roundrobin"
	"github.com/networkservicemesh/sdk/pkg/networkservice/core/chain"
	"github.com/networkservicemesh/sdk/pkg/networkservice/core/next"
	registryclient "github.com/networkservicemesh/sdk/pkg/registry/chains/client"
	registryrecvfd "github.com/networkservicemesh/sdk/pkg/registry/common/recvfd"
	registrysendfd "github.com/networkservicemesh/sdk/pkg/registry/common/sendfd"
	"google.golang.org/grpc"
)

// forwarderSettings is what the forwarder beside a manager needs.
type forwarderSettings struct {
	security *security
	manager  *url.URL
	listen   *url.URL
	offers   string
	excluded string
	tunnel   net.IP // of this node; nil: no packets are moved
}

// forwarderPart is a forwarder of its own, beside a manager of any origin. It joins what it forwards
// in the kernel.
func forwarderPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	name := flags.String("name", "forwarder", "the forwarder's name")
	manager := urlFlag(flags, "manager", "the manager")
	listen := urlFlag(flags, "listen", "where to listen")
	tunnel := flags.String("tunnel", "127.0.0.1", "this node's address for tunnels")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		offers := kernel.MECHANISM + "," + vxlan.MECHANISM
		settings := forwarderSettings{security, manager, listen, offers, "", net.ParseIP(*tunnel)}
		if settings.tunnel == nil {
			return fmt.Errorf("tunnel: %q (expected: an IP address)", *tunnel)
		}
		if err := settings.start(ctx, *name, lines); err != nil {
			return err
		}
		lines.event("ready", listen.String(), nil)
		return nil
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
			f.mechanisms(),
			f.joins(),
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
			remembersFar{},
			offer(strings.Split(f.offers, ",")),
			f.fits(),
			recvfd.NewClient(),
			sendfd.NewClient(),
		))
}

// fits leaves what goes with where the request goes: this node, or another one.
func (f *forwarderSettings) fits() networkservice.NetworkServiceClient {
	if f.tunnel == nil {
		return null.NewClient()
	}
	return chain.NewNetworkServiceClient(vni.NewClient(f.tunnel), filtermechanisms.NewClient())
}

func (f *forwarderSettings) mechanisms() networkservice.NetworkServiceServer {
	between := null.NewServer()
	if f.tunnel != nil {
		between = vni.NewServer(f.tunnel)
	}
	return mechanisms.NewServer(map[string]networkservice.NetworkServiceServer{
		kernel.MECHANISM: null.NewServer(),
		memif.MECHANISM:  null.NewServer(),
		vxlan.MECHANISM:  between,
	})
}

func (f *forwarderSettings) joins() networkservice.NetworkServiceServer {
	if f.tunnel == nil {
		return null.NewServer()
	}
	return newJoins()
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
