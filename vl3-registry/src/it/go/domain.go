package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"strings"
	"time"

	"google.golang.org/grpc"

	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/nsmgrproxy"
	"github.com/networkservicemesh/sdk/pkg/registry/chains/memory"
	"github.com/networkservicemesh/sdk/pkg/registry/chains/proxydns"
)

// domainPart is what joins a domain to others: the SDK's registry, its proxy of others' registries,
// and its proxy of others' managers. A table stands for DNS: -srv NAME=HOST:PORT, repeated.
func domainPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	listen := urlFlag(flags, "listen", "where the registry listens")
	registries := urlFlag(flags, "registries", "where the proxy of registries listens")
	managers := urlFlag(flags, "managers", "where the proxy of managers listens")
	table := serviceTable{}
	flags.Func("srv", "NAME=HOST:PORT, repeated", table.add)
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		tokens, dialling := security.tokens(), security.dialOptions()
		registry := memory.NewServer(ctx, tokens,
			memory.WithDefaultExpiration(time.Minute),
			memory.WithProxyRegistryURL(copied(managers)),
			memory.WithDialOptions(dialling...))
		if err := security.serve(ctx, lines, listen, registry.Register); err != nil {
			return err
		}
		others := proxydns.NewServer(ctx, tokens, table, proxydns.WithDialOptions(dialling...))
		if err := security.serve(ctx, lines, registries, others.Register); err != nil {
			return err
		}
		proxy := nsmgrproxy.NewServer(ctx, copied(listen), copied(registries), tokens,
			nsmgrproxy.WithListenOn(copied(managers)),
			nsmgrproxy.WithDialOptions(dialling...),
			nsmgrproxy.WithDialTimeout(dialTimeout))
		register := func(s *grpc.Server) { proxy.Register(s) }
		if err := security.serve(ctx, lines, managers, register); err != nil {
			return err
		}
		lines.event("ready", listen.String(), nil)
		return nil
	}
}

// serviceTable answers what DNS would: each name is a service, and the host that it runs on.
type serviceTable map[string]*net.TCPAddr

func (t serviceTable) add(text string) error {
	name, at, _ := strings.Cut(text, "=")
	address, err := net.ResolveTCPAddr("tcp", at)
	t[name] = address
	return err
}

func (t serviceTable) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	at, known := t[name]
	if !known {
		return "", nil, fmt.Errorf("%s: no such service", name)
	}
	return name, []*net.SRV{{Target: name, Port: uint16(at.Port)}}, nil
}

func (t serviceTable) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	at, known := t[host]
	if !known {
		return nil, fmt.Errorf("%s: no such host", host)
	}
	return []net.IPAddr{{IP: at.IP}}, nil
}
