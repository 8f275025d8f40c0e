package main

import (
	"context"
	"flag"
	"io"
	"net/url"

	"github.com/golang/protobuf/ptypes/empty"
	"google.golang.org/grpc"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/sdk/pkg/networkservice/chains/client"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/authorize"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/heal"
	kernelsdk "github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/kernel"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/recvfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/null"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/upstreamrefresh"
	"github.com/networkservicemesh/sdk/pkg/networkservice/core/next"
	"github.com/networkservicemesh/sdk/pkg/tools/grpcutils"
)

type emptypb = empty.Empty

// clientPart is the SDK's client: it requests, refreshes, heals, closes, and watches.
func clientPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	name := flags.String("name", "client", "the client's name")
	connect := urlFlag(flags, "connect", "the manager")
	healing := flags.Bool("heal", true, "ask again when a connection breaks")
	receiving := flags.Bool("recvfd", false, "open the files that come with answers")
	netns := flags.String("netns", "", "the file to send as the network namespace; without it, the own")
	refreshing := flags.Bool("refresh", true, "ask again before tokens expire")
	judging := flags.Bool("judge", false, "believe only answers whose tokens pass the SDK's policies")
	return func(ctx context.Context, lines *lines) error {
		if err := security.open(ctx); err != nil {
			return err
		}
		options := []client.Option{
			client.WithName(*name),
			client.WithClientURL(copied(connect)),
			client.WithDialOptions(security.dialOptions()...),
			client.WithDialTimeout(dialTimeout),
			client.WithHealClient(healer(ctx, *healing)),
			client.WithAdditionalFunctionality(
				upstreamrefresh.NewClient(ctx), teller{lines}, kernelsdk.NewClient(), prefersFile(*netns),
				security.sendsFiles(), receiver(*receiving)),
		}
		if *judging {
			options = append(options, client.WithAuthorizeClient(authorize.NewClient()))
		}
		if !*refreshing {
			options = append(options, client.WithoutRefresh())
		}
		nsc := client.NewClient(ctx, options...)
		lines.on("request", func(ctx context.Context, cmd command) (reply, error) {
			request := &networkservice.NetworkServiceRequest{}
			if err := decode(cmd.Message, request); err != nil {
				return reply{}, err
			}
			asking, cancel := context.WithTimeout(ctx, requestTimeout)
			defer cancel()
			conn, err := nsc.Request(asking, request)
			if err != nil {
				return reply{}, err
			}
			return reply{message: conn}, nil
		})
		lines.on("close", func(ctx context.Context, cmd command) (reply, error) {
			conn := &networkservice.Connection{}
			if err := decode(cmd.Message, conn); err != nil {
				return reply{}, err
			}
			closing, cancel := context.WithTimeout(ctx, requestTimeout)
			defer cancel()
			_, err := nsc.Close(closing, conn)
			return reply{}, err
		})
		lines.on("monitor", func(ctx context.Context, cmd command) (reply, error) {
			selector := &networkservice.MonitorScopeSelector{}
			if err := decode(cmd.Message, selector); err != nil {
				return reply{}, err
			}
			return reply{}, monitor(ctx, lines, security, connect, cmd.Text, selector)
		})
		lines.event("ready", connect.String(), nil)
		return nil
	}
}

func healer(ctx context.Context, healing bool) networkservice.NetworkServiceClient {
	if healing {
		return heal.NewClient(ctx)
	}
	return null.NewClient()
}

func receiver(receiving bool) networkservice.NetworkServiceClient {
	if receiving {
		return recvfd.NewClient()
	}
	return null.NewClient()
}

// monitor starts to watch connections at a URL, the client's own unless one is named.
func monitor(ctx context.Context, lines *lines, security *security, connect *url.URL, at string, selector *networkservice.MonitorScopeSelector) error {
	if at != "" {
		parsed, err := url.Parse(at)
		if err != nil {
			return err
		}
		connect = parsed
	}
	cc, err := grpc.NewClient(grpcutils.URLToTarget(connect), security.dialOptions()...)
	if err != nil {
		return err
	}
	stream, err := networkservice.NewMonitorConnectionClient(cc).MonitorConnections(ctx, selector)
	if err != nil {
		return err
	}
	go func() {
		defer func() { _ = cc.Close() }()
		for {
			event, err := stream.Recv()
			if err != nil {
				text := err.Error()
				if err == io.EOF {
					text = ""
				}
				lines.event("monitor-end", text, nil)
				return
			}
			lines.event("monitored", event.Type.String(), event)
		}
	}()
	return nil
}

// teller tells of every answer, of refresh and heal too.
type teller struct {
	lines *lines
}

func (t teller) Request(ctx context.Context, request *networkservice.NetworkServiceRequest, opts ...grpc.CallOption) (*networkservice.Connection, error) {
	conn, err := next.Client(ctx).Request(ctx, request, opts...)
	if err == nil {
		t.lines.event("established", conn.GetNetworkServiceEndpointName(), conn)
	} else {
		t.lines.event("refused", err.Error(), nil)
	}
	return conn, err
}

func (t teller) Close(ctx context.Context, conn *networkservice.Connection, opts ...grpc.CallOption) (*emptypb, error) {
	answer, err := next.Client(ctx).Close(ctx, conn, opts...)
	t.lines.event("closed", "", conn)
	return answer, err
}
