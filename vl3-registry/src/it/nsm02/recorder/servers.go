package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/cisco-app-networking/nsm-nse/api/ipam/ipprovider"
	"github.com/cisco-app-networking/nsm-nse/api/serviceregistry"
	"github.com/golang/protobuf/proto"
	"go.ligato.io/vpp-agent/v3/proto/ligato/configurator"
)

// A vpp-agent that only records.

type agent struct {
	configurator.UnimplementedConfiguratorServiceServer
	name string
}

func (a *agent) Update(ctx context.Context, r *configurator.UpdateRequest) (*configurator.UpdateResponse, error) {
	b, _ := proto.Marshal(r)
	record(a.name, "/ligato.configurator.ConfiguratorService/Update", "request", b, nil, nil)
	return &configurator.UpdateResponse{}, nil
}
func (a *agent) Delete(ctx context.Context, r *configurator.DeleteRequest) (*configurator.DeleteResponse, error) {
	b, _ := proto.Marshal(r)
	record(a.name, "/ligato.configurator.ConfiguratorService/Delete", "request", b, nil, nil)
	return &configurator.DeleteResponse{}, nil
}
func (a *agent) Get(ctx context.Context, r *configurator.GetRequest) (*configurator.GetResponse, error) {
	return &configurator.GetResponse{}, nil
}
func (a *agent) Dump(ctx context.Context, r *configurator.DumpRequest) (*configurator.DumpResponse, error) {
	return &configurator.DumpResponse{}, nil
}

// A workload registry that only records, and an IPAM with one subnet.

type svreg struct {
	sync.Mutex
	all  []*serviceregistry.ServiceWorkload
	name string
}

func (s *svreg) RegisterWorkload(ctx context.Context, w *serviceregistry.ServiceWorkload) (*serviceregistry.Empty, error) {
	b, _ := proto.Marshal(w)
	record(s.name, "/svreg.Registry/RegisterWorkload", "request", b, nil, nil)
	return &serviceregistry.Empty{}, nil
}
func (s *svreg) RemoveWorkload(ctx context.Context, w *serviceregistry.ServiceWorkload) (*serviceregistry.Empty, error) {
	b, _ := proto.Marshal(w)
	record(s.name, "/svreg.Registry/RemoveWorkload", "request", b, nil, nil)
	return &serviceregistry.Empty{}, nil
}
func (s *svreg) GetServices(_ *serviceregistry.Empty, ss serviceregistry.Registry_GetServicesServer) error {
	<-ss.Context().Done()
	return nil
}

type ipam struct {
	ipprovider.UnimplementedAllocatorServer
	name, subnet string
}

func (i *ipam) AllocateSubnet(ctx context.Context, r *ipprovider.SubnetRequest) (*ipprovider.Subnet, error) {
	b, _ := marshal.MarshalToString(r)
	fmt.Fprintln(out, "ipam", b)
	return &ipprovider.Subnet{Identifier: r.Identifier, Prefix: &ipprovider.IpPrefix{AddrFamily: r.AddrFamily, Subnet: i.subnet}, LeaseTimeout: 2}, nil
}
func (i *ipam) FreeSubnet(ctx context.Context, r *ipprovider.Subnet) (*ipprovider.Empty, error) {
	b, _ := marshal.MarshalToString(r)
	fmt.Fprintln(out, "ipam free", b)
	return &ipprovider.Empty{}, nil
}
