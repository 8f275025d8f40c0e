package main

import (
	"context"
	"flag"
	"net"
	"strings"

	"google.golang.org/grpc"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/kernel"
	"github.com/networkservicemesh/sdk/pkg/ipam/strictvl3ipam"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/endpoint"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/authorize"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms"
	kernelsdk "github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/kernel"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/null"
	"github.com/networkservicemesh/sdk/pkg/networkservice/connectioncontext/dnscontext/vl3dns"
	"github.com/networkservicemesh/sdk/pkg/networkservice/connectioncontext/ipcontext/vl3"
	"github.com/networkservicemesh/sdk/pkg/networkservice/connectioncontext/mtu/vl3mtu"
	"github.com/networkservicemesh/sdk/pkg/tools/dnsutils"
)

// barePart is what the vL3 endpoint serves workloads with, and nothing else: no registry, no peers,
// no line per request. It is what a benchmark compares with.
func barePart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	name := flags.String("name", "go-vl3", "the endpoint's name")
	listen := urlFlag(flags, "listen", "where to listen")
	prefixes := flags.String("prefixes", "10.0.0.0/16", "own prefixes, separated by commas")
	names := flags.Bool("names", true, "keep the names of workloads, as a vL3 with a name server")
	dns := flags.String("dns", "", "where to serve the names, HOST:PORT; without it, nowhere")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		server := endpoint.NewServer(ctx, security.tokens(),
			endpoint.WithName(*name),
			endpoint.WithAuthorizeServer(bareAuthorizer(security)),
			endpoint.WithAdditionalFunctionality(
				nameServer(ctx, *names, *dns),
				vl3mtu.NewServer(),
				strictvl3ipam.NewServer(ctx, vl3.NewServer, ipams(*prefixes)...),
				mechanisms.NewServer(map[string]networkservice.NetworkServiceServer{
					kernel.MECHANISM: kernelsdk.NewServer(),
				}),
			))
		if err := security.serve(ctx, lines, listen, func(s *grpc.Server) { server.Register(s) }); err != nil {
			return err
		}
		lines.event("ready", listen.String(), nil)
		return nil
	}
}

func bareAuthorizer(security *security) networkservice.NetworkServiceServer {
	if security.source == nil {
		return authorize.NewServer(authorize.Any())
	}
	return authorize.NewServer()
}

func ipams(prefixes string) []*vl3.IPAM {
	var all []*vl3.IPAM
	for _, prefix := range strings.Split(prefixes, ",") {
		all = append(all, vl3.NewIPAM(prefix))
	}
	return all
}

// nameServer notes names, and serves them if it is told where.
func nameServer(ctx context.Context, wanted bool, at string) networkservice.NetworkServiceServer {
	if !wanted {
		return null.NewServer()
	}
	address := make(chan net.IP, 1)
	address <- net.IPv4(10, 0, 0, 1)
	return vl3dns.NewServer(ctx, address,
		vl3dns.WithDomainSchemes(`{{ index .Labels "podName" }}.{{ .NetworkService }}.`),
		vl3dns.WithDNSListenAndServeFunc(func(ctx context.Context, handler dnsutils.Handler, _ string) {
			if at != "" {
				dnsutils.ListenAndServe(ctx, handler, at)
			}
		}))
}
