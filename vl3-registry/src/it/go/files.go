package main

import (
	"context"

	"google.golang.org/grpc"

	"github.com/networkservicemesh/api/pkg/api/networkservice"
	"github.com/networkservicemesh/api/pkg/api/networkservice/mechanisms/common"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/mechanisms/recvfd"
	"github.com/networkservicemesh/sdk/pkg/networkservice/common/null"
	"github.com/networkservicemesh/sdk/pkg/networkservice/core/next"
)

// opensFiles is the server element that opens what comes with requests, if the endpoint does.
func opensFiles(opening bool) networkservice.NetworkServiceServer {
	if opening {
		return recvfd.NewServer()
	}
	return null.NewServer()
}

// namesFile answers with a file of the test's as the network namespace; an empty one changes nothing.
type namesFile string

func (n namesFile) Request(ctx context.Context, request *networkservice.NetworkServiceRequest) (*networkservice.Connection, error) {
	if mechanism := request.GetConnection().GetMechanism(); n != "" && mechanism != nil {
		mechanism.Parameters[common.InodeURL] = "file://" + string(n)
	}
	return next.Server(ctx).Request(ctx, request)
}

func (n namesFile) Close(ctx context.Context, conn *networkservice.Connection) (*emptypb, error) {
	return next.Server(ctx).Close(ctx, conn)
}

// prefersFile asks with a file of the test's as the network namespace; an empty one changes nothing.
type prefersFile string

func (p prefersFile) Request(ctx context.Context, request *networkservice.NetworkServiceRequest, opts ...grpc.CallOption) (*networkservice.Connection, error) {
	if p != "" {
		for _, mechanism := range request.GetMechanismPreferences() {
			mechanism.Parameters[common.InodeURL] = "file://" + string(p)
		}
	}
	return next.Client(ctx).Request(ctx, request, opts...)
}

func (p prefersFile) Close(ctx context.Context, conn *networkservice.Connection, opts ...grpc.CallOption) (*emptypb, error) {
	return next.Client(ctx).Close(ctx, conn, opts...)
}
