package main

import (
	"context"
	"flag"

	"github.com/networkservicemesh/api/pkg/api/ipam"
	"google.golang.org/grpc"

	"github.com/networkservicemesh/sdk/pkg/ipam/vl3ipam"
)

// prefixesPart is the SDK's prefix server.
func prefixesPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	listen := urlFlag(flags, "listen", "where to listen")
	pool := flags.String("pool", "172.16.0.0/16", "what prefixes are cut from")
	length := flags.Uint("length", 24, "how long a client's prefix is")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		server := vl3ipam.NewIPAMServer(*pool, uint8(*length))
		register := func(s *grpc.Server) { ipam.RegisterIPAMServer(s, witnessedIPAM{server, lines}) }
		if err := security.serve(ctx, lines, listen, register); err != nil {
			return err
		}
		lines.event("ready", listen.String(), nil)
		return nil
	}
}

// witnessedIPAM tells of every prefix that is granted.
type witnessedIPAM struct {
	ipam.IPAMServer
	lines *lines
}

func (w witnessedIPAM) ManagePrefixes(stream ipam.IPAM_ManagePrefixesServer) error {
	return w.IPAMServer.ManagePrefixes(witnessedStream{stream, w.lines})
}

type witnessedStream struct {
	ipam.IPAM_ManagePrefixesServer
	lines *lines
}

func (w witnessedStream) Send(response *ipam.PrefixResponse) error {
	w.lines.event("granted", response.GetPrefix(), nil)
	return w.IPAM_ManagePrefixesServer.Send(response)
}
