package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/edwarnicke/genericsync"
	registryapi "github.com/networkservicemesh/api/pkg/api/registry"
	"google.golang.org/grpc"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/kernel"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/memif"
	"github.com/networkservicemesh/api/pkg/api/networkservice/payload"
	"github.com/networkservicemesh/sdk/pkg/ipam/strictvl3ipam"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/client"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/endpoint"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/authorize"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/begin"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/clientinfo"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/heal"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms"
	kernelsdk "github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/kernel"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/recvfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/sendfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/null"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/retry"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/upstreamrefresh"
	"github.com/networkservicemesh/sdk/pkg/networkservice/connectioncontext/dnscontext/vl3dns"
	"github.com/networkservicemesh/sdk/pkg/networkservice/connectioncontext/ipcontext/vl3"
	"github.com/networkservicemesh/sdk/pkg/networkservice/connectioncontext/mtu/vl3mtu"
	"github.com/networkservicemesh/sdk/pkg/networkservice/core/next"
	registryclient "github.com/networkservicemesh/sdk/pkg/registry/chains/client"
	"github.com/networkservicemesh/sdk/pkg/tools/dnsutils"
	"github.com/networkservicemesh/sdk/pkg/tools/token"
)

const requestTimeout = 15 * time.Second

// vl3Endpoint is a vL3 endpoint of the SDK's elements, without the data plane.
type vl3Endpoint struct {
	security *security
	lines    *lines
	name     *string
	service  *string
	listen   *url.URL
	manager  *url.URL
	prefixes *string
	dials    *bool
	opening  *bool
	netns    *string
	signer   *string
	dns      *string
	dnsPeers *int

	ipams      []*vl3.IPAM
	dnsAddress chan net.IP
	dnsConfigs genericsync.Map[string, []*networkservice.DNSConfig]
	registered *registryapi.NetworkServiceEndpoint
}

// endpointPart registers, asks itself for its DNS server's address, then dials whoever was there
// before it.
func endpointPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	e := &vl3Endpoint{
		security:   securityFlags(flags),
		name:       flags.String("name", "go-vl3", "the endpoint's name"),
		service:    flags.String("service", "vl3", "the network service"),
		listen:     urlFlag(flags, "listen", "where to listen"),
		manager:    urlFlag(flags, "connect", "the manager"),
		prefixes:   flags.String("prefixes", "10.0.0.0/24", "own prefixes, separated by commas"),
		dials:      flags.Bool("dial", true, "dial the endpoints that registered before"),
		opening:    flags.Bool("recvfd", false, "open the files that come with requests"),
		netns:      flags.String("netns", "", "the file to send as the network namespace; without it, the own"),
		signer:     flags.String("signer", "", "whose Workload API has the key of the endpoint's own tokens; without it, ours"),
		dns:        flags.String("dns", "", "where to serve names, HOST:PORT; without it, nowhere"),
		dnsPeers:   flags.Int("dns-peers", 53, "the port of the peers' name servers"),
		dnsAddress: make(chan net.IP, 1),
	}
	return func(ctx context.Context, lines *lines) error {
		e.lines = lines
		if err := e.security.open(ctx); err != nil {
			return err
		}
		for _, prefix := range strings.Split(*e.prefixes, ",") {
			e.ipams = append(e.ipams, vl3.NewIPAM(prefix))
		}
		lines.on("prefix", func(_ context.Context, cmd command) (reply, error) {
			return reply{}, e.ipams[0].Reset(cmd.Text)
		})
		return e.start(ctx)
	}
}

func (e *vl3Endpoint) start(ctx context.Context) error {
	signing := *e.security
	if *e.signer != "" {
		signing.spiffe = e.signer
		if err := signing.open(ctx); err != nil {
			return err
		}
	}
	server := e.server(ctx, signing.tokens())
	if err := e.security.serve(ctx, e.lines, e.listen, func(s *grpc.Server) { server.Register(s) }); err != nil {
		return err
	}
	services := registryclient.NewNetworkServiceRegistryClient(ctx,
		registryclient.WithClientURL(copied(e.manager)),
		registryclient.WithDialOptions(e.security.dialOptions()...))
	if _, err := services.Register(ctx, &registryapi.NetworkService{Name: *e.service, Payload: payload.IP}); err != nil {
		return err
	}
	registry := e.endpoints(ctx)
	registered, err := registry.Register(ctx, &registryapi.NetworkServiceEndpoint{
		Name:                 *e.name,
		NetworkServiceNames:  []string{*e.service},
		NetworkServiceLabels: map[string]*registryapi.NetworkServiceLabels{*e.service: {}},
		Url:                  e.listen.String(),
	})
	if err != nil {
		return err
	}
	e.registered = registered
	e.lines.atEnd(func(ctx context.Context) { _, _ = registry.Unregister(ctx, registered) })
	peers, err := registry.Find(ctx, &registryapi.NetworkServiceEndpointQuery{
		NetworkServiceEndpoint: &registryapi.NetworkServiceEndpoint{NetworkServiceNames: []string{*e.service}},
	})
	if err != nil {
		return err
	}
	earlier := registryapi.ReadNetworkServiceEndpointList(peers)
	dnsServer, err := e.askItself(ctx)
	if err != nil {
		return err
	}
	e.lines.event("ready", e.listen.String(), registered)
	if *e.dials {
		go e.dialAll(ctx, e.peerClient(ctx, dnsServer), earlier)
	}
	return nil
}

// askItself is a request through the manager that gives the DNS server its address.
func (e *vl3Endpoint) askItself(ctx context.Context) (net.IP, error) {
	asking, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	own := retry.NewClient(client.NewClient(ctx,
		client.WithClientURL(copied(e.manager)),
		client.WithName(*e.name),
		client.WithHealClient(heal.NewClient(ctx)),
		client.WithAdditionalFunctionality(clientinfo.NewClient(), kernelsdk.NewClient(), e.security.sendsFiles()),
		client.WithDialTimeout(dialTimeout),
		client.WithDialOptions(e.security.dialOptions()...)))
	conn, err := own.Request(asking, &networkservice.NetworkServiceRequest{
		Connection: &networkservice.Connection{
			Id:                         *e.name + "-kernel",
			NetworkServiceEndpointName: *e.name,
			NetworkService:             *e.service,
			Payload:                    payload.IP,
		},
	})
	if err != nil {
		return nil, err
	}
	address := conn.GetContext().GetIpContext().GetSrcIPNets()[0].IP
	e.dnsAddress <- address
	return address, nil
}

func (e *vl3Endpoint) dialAll(ctx context.Context, dialling networkservice.NetworkServiceClient, peers []*registryapi.NetworkServiceEndpoint) {
	own := e.registered.GetInitialRegistrationTime().AsTime()
	for _, peer := range peers {
		if peer.Name == e.registered.Name || peer.GetInitialRegistrationTime().AsTime().After(own) {
			continue
		}
		asking, cancel := context.WithTimeout(ctx, requestTimeout)
		conn, err := dialling.Request(asking, &networkservice.NetworkServiceRequest{
			Connection: &networkservice.Connection{
				NetworkServiceEndpointName: peer.Name,
				NetworkService:             *e.service,
				Payload:                    payload.IP,
			},
		})
		cancel()
		if err != nil {
			e.lines.event("dial-failed", fmt.Sprintf("%s: %v", peer.Name, err), nil)
			continue
		}
		e.lines.event("dialled", peer.Name, conn)
	}
}

func (e *vl3Endpoint) server(ctx context.Context, tokens token.GeneratorFunc) endpoint.Endpoint {
	return endpoint.NewServer(ctx, tokens,
		endpoint.WithName(*e.name),
		endpoint.WithAuthorizeServer(e.authorizer()),
		endpoint.WithAdditionalFunctionality(
			opensFiles(*e.opening),
			witness{e.lines},
			vl3dns.NewServer(ctx, e.dnsAddress,
				vl3dns.WithDomainSchemes(`{{ index .Labels "podName" }}.{{ .NetworkService }}.`),
				vl3dns.WithConfigs(&e.dnsConfigs),
				vl3dns.WithDNSPort(*e.dnsPeers),
				vl3dns.WithDNSListenAndServeFunc(e.serveNames)),
			vl3mtu.NewServer(),
			strictvl3ipam.NewServer(ctx, vl3.NewServer, e.ipams...),
			mechanisms.NewServer(map[string]networkservice.NetworkServiceServer{
				kernel.MECHANISM: kernelsdk.NewServer(),
				memif.MECHANISM:  null.NewServer(),
			}),
			namesFile(*e.netns),
			sendfd.NewServer(),
		))
}

// authorizer checks nothing for one whose tokens somebody else signs: its own would not pass.
// serveNames listens where the flag says: the port that the SDK names is that of the peers.
func (e *vl3Endpoint) serveNames(ctx context.Context, handler dnsutils.Handler, _ string) {
	if *e.dns != "" {
		dnsutils.ListenAndServe(ctx, handler, *e.dns)
	}
}

func (e *vl3Endpoint) authorizer() networkservice.NetworkServiceServer {
	if e.security.source == nil || *e.signer != "" {
		return authorize.NewServer(authorize.Any())
	}
	return authorize.NewServer()
}

func (e *vl3Endpoint) peerClient(ctx context.Context, dnsServer net.IP) networkservice.NetworkServiceClient {
	elements := []networkservice.NetworkServiceClient{
		upstreamrefresh.NewClient(ctx, upstreamrefresh.WithLocalNotifications()),
		vl3mtu.NewClient(),
	}
	for _, ipam := range e.ipams {
		elements = append(elements, vl3.NewClient(ctx, ipam))
	}
	elements = append(elements,
		vl3dns.NewClient(dnsServer, &e.dnsConfigs),
		teller{e.lines},
		kernelsdk.NewClient(),
		e.security.sendsFiles(),
		recvfd.NewClient())
	return retry.NewClient(client.NewClient(ctx,
		client.WithClientURL(copied(e.manager)),
		client.WithName(*e.name),
		client.WithHealClient(heal.NewClient(ctx)),
		client.WithAdditionalFunctionality(elements...),
		client.WithDialTimeout(dialTimeout),
		client.WithDialOptions(e.security.dialOptions()...),
		client.WithReselectFunc(begin.ReselectWithSameEndpointFunc)))
}

func (e *vl3Endpoint) endpoints(ctx context.Context) registryapi.NetworkServiceEndpointRegistryClient {
	return registryclient.NewNetworkServiceEndpointRegistryClient(ctx,
		registryclient.WithClientURL(copied(e.manager)),
		registryclient.WithNSEAdditionalFunctionality(e.security.registersFiles()),
		registryclient.WithDialOptions(e.security.dialOptions()...))
}

// witness tells of what the endpoint is asked and what it answers.
type witness struct {
	lines *lines
}

func (w witness) Request(ctx context.Context, request *networkservice.NetworkServiceRequest) (*networkservice.Connection, error) {
	w.lines.event("asked", "", request)
	conn, err := next.Server(ctx).Request(ctx, request)
	if err == nil {
		w.lines.event("served", "", conn)
	}
	return conn, err
}

func (w witness) Close(ctx context.Context, conn *networkservice.Connection) (*emptypb, error) {
	w.lines.event("left", "", conn)
	return next.Server(ctx).Close(ctx, conn)
}
