package main

import (
	"context"
	"flag"
	"strings"

	"github.com/networkservicemesh/api/pkg/api/ipam"
	"google.golang.org/grpc"

	"github.com/networkservicemesh/sdk/pkg/tools/grpcutils"
)

// prefixClientPart asks a prefix server for a prefix, and keeps its stream open, as an endpoint of NSM does.
func prefixClientPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	connect := urlFlag(flags, "connect", "the prefix server")
	wish := flags.String("wish", "", "the prefix that it had before")
	exclude := flags.String("exclude", "", "what it must not get, separated by commas")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		cc, err := grpc.NewClient(grpcutils.URLToTarget(copied(connect)), security.dialOptions()...)
		if err != nil {
			return err
		}
		stream, err := ipam.NewIPAMClient(cc).ManagePrefixes(ctx)
		if err != nil {
			return err
		}
		request := &ipam.PrefixRequest{Type: ipam.Type_ALLOCATE, Prefix: *wish}
		if *exclude != "" {
			request.ExcludePrefixes = strings.Split(*exclude, ",")
		}
		if err := stream.Send(request); err != nil {
			return err
		}
		lines.on("finish", func(context.Context, command) (reply, error) {
			return reply{}, stream.CloseSend()
		})
		lines.event("ready", connect.String(), nil)
		go reportPrefixes(stream, lines)
		return nil
	}
}

func reportPrefixes(stream ipam.IPAM_ManagePrefixesClient, lines *lines) {
	for {
		response, err := stream.Recv()
		if err != nil {
			lines.event("ended", err.Error(), nil)
			return
		}
		lines.event("granted", response.GetPrefix(), nil)
	}
}
