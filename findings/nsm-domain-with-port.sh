#!/usr/bin/env bash
# Guess: NSM's registry proxy takes a domain that is IP:port (as in vl3@10.0.0.2:5002) for where the other registry is,
# without a question to DNS: it has code for that.
# Seen with github.com/networkservicemesh/sdk v1.15.0 (go1.26): IP:port is asked of DNS, as
# "registry.nsm-system.10.0.0.2:5002", and fails. Only with a scheme before it, vl3@tcp://10.0.0.2:5002, is it dialled there.
# Needs go and its module proxy; fails if that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/domain.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > go.mod <<'MOD'
module domain

go 1.23.8

require (
	github.com/networkservicemesh/api v1.15.0
	github.com/networkservicemesh/sdk v1.15.0
)

replace github.com/networkservicemesh/api => github.com/networkservicemesh/api v1.14.2
MOD

cat > main.go <<'GO'
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/golang/protobuf/ptypes/empty"
	"github.com/networkservicemesh/api/pkg/api/registry"
	"github.com/networkservicemesh/sdk/pkg/registry/common/dnsresolve"
	"github.com/networkservicemesh/sdk/pkg/registry/core/next"
	"github.com/networkservicemesh/sdk/pkg/tools/clienturlctx"
)

// resolver says what it is asked.
type resolver struct{}

func (resolver) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	fmt.Println("asked of DNS:", name)
	return "", nil, errors.New("no such name")
}

func (resolver) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) {
	return nil, errors.New("no such name")
}

// target says where a registration would go.
type target struct{}

func (target) Register(ctx context.Context, s *registry.NetworkService) (*registry.NetworkService, error) {
	fmt.Println("dialled:", clienturlctx.ClientURL(ctx))
	return s, nil
}

func (target) Find(*registry.NetworkServiceQuery, registry.NetworkServiceRegistry_FindServer) error {
	return nil
}

func (target) Unregister(context.Context, *registry.NetworkService) (*empty.Empty, error) {
	return &empty.Empty{}, nil
}

func main() {
	for _, name := range os.Args[1:] {
		fmt.Println(name)
		server := next.NewNetworkServiceRegistryServer(
			dnsresolve.NewNetworkServiceRegistryServer(dnsresolve.WithResolver(resolver{})), target{})
		if _, err := server.Register(context.Background(), &registry.NetworkService{Name: name}); err != nil {
			fmt.Println("failed")
		}
	}
}
GO

go mod tidy >tidy.log 2>&1 || { cat tidy.log >&2; exit 1; }
go run . vl3@10.0.0.2:5002 vl3@tcp://10.0.0.2:5002 | tee out

diff out - <<'SEEN'
vl3@10.0.0.2:5002
asked of DNS: registry.nsm-system.10.0.0.2:5002
failed
vl3@tcp://10.0.0.2:5002
dialled: tcp://10.0.0.2:5002
SEEN
echo "as described"
