package main

import (
	"context"
	"math/rand"
	"strings"
	"sync"
	"time"

	"github.com/golang/protobuf/ptypes/empty"
	"github.com/networkservicemesh/networkservicemesh/controlplane/api/registry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The registry behind the managers, kept in memory, after what the one on Kubernetes answers.

type store struct {
	sync.Mutex
	services map[string]*registry.NetworkService
	nses     []*registry.NetworkServiceEndpoint
	nsms     map[string]*registry.NetworkServiceManager
}

type node struct {
	*store
	name string
}

const letters = "bcdfghjklmnpqrstvwxz2456789"

func (n *node) RegisterNSE(ctx context.Context, r *registry.NSERegistration) (*registry.NSERegistration, error) {
	n.Lock()
	defer n.Unlock()
	labels := map[string]string{}
	for k, v := range r.NetworkServiceEndpoint.GetLabels() {
		labels[k] = v
	}
	labels["networkservicename"] = r.NetworkService.GetName()
	if n.services[r.NetworkService.GetName()] == nil {
		n.services[r.NetworkService.GetName()] = &registry.NetworkService{Name: r.NetworkService.GetName(), Payload: r.NetworkService.GetPayload()}
	}
	name := r.NetworkServiceEndpoint.GetName()
	if name == "" {
		name = r.NetworkService.GetName()
		for i := 0; i < 5; i++ {
			name += string(letters[rand.Intn(len(letters))])
		}
	}
	for _, e := range n.nses {
		if e.Name == name {
			return nil, status.Errorf(codes.Unknown, "networkserviceendpoints.networkservicemesh.io %q already exists", name)
		}
	}
	e := &registry.NetworkServiceEndpoint{Name: name, NetworkServiceName: r.NetworkService.Name, Payload: r.NetworkService.Payload,
		NetworkServiceManagerName: n.name, Labels: labels, State: "RUNNING"}
	n.nses = append(n.nses, e)
	return &registry.NSERegistration{NetworkService: r.NetworkService, NetworkServiceManager: n.nsms[n.name], NetworkServiceEndpoint: e}, nil
}

func (n *node) BulkRegisterNSE(s registry.NetworkServiceRegistry_BulkRegisterNSEServer) error {
	for {
		if _, err := s.Recv(); err != nil {
			return err
		}
	}
}

func (n *node) RemoveNSE(ctx context.Context, r *registry.RemoveNSERequest) (*empty.Empty, error) {
	n.Lock()
	defer n.Unlock()
	for i, e := range n.nses {
		if e.Name == r.NetworkServiceEndpointName {
			n.nses = append(append([]*registry.NetworkServiceEndpoint{}, n.nses[:i]...), n.nses[i+1:]...)
			return &empty.Empty{}, nil
		}
	}
	return nil, status.Errorf(codes.Unknown, "networkserviceendpoints.networkservicemesh.io %q not found", r.NetworkServiceEndpointName)
}

func (n *node) FindNetworkService(ctx context.Context, r *registry.FindNetworkServiceRequest) (*registry.FindNetworkServiceResponse, error) {
	n.Lock()
	defer n.Unlock()
	s := n.services[r.NetworkServiceName]
	if s == nil {
		return nil, status.Errorf(codes.Unknown, "networkservices.networkservicemesh.io %q not found", r.NetworkServiceName)
	}
	a := &registry.FindNetworkServiceResponse{Payload: s.Payload, NetworkService: s, NetworkServiceManagers: map[string]*registry.NetworkServiceManager{}}
	for _, e := range n.nses {
		if e.NetworkServiceName == r.NetworkServiceName {
			a.NetworkServiceEndpoints = append(a.NetworkServiceEndpoints, e)
			a.NetworkServiceManagers[e.NetworkServiceManagerName] = n.nsms[e.NetworkServiceManagerName]
		}
	}
	return a, nil
}

func (n *node) RegisterNSM(ctx context.Context, m *registry.NetworkServiceManager) (*registry.NetworkServiceManager, error) {
	n.Lock()
	defer n.Unlock()
	n.nsms[n.name] = &registry.NetworkServiceManager{Name: n.name, Url: m.Url, State: "RUNNING"}
	return n.nsms[n.name], nil
}

func (n *node) GetEndpoints(ctx context.Context, _ *empty.Empty) (*registry.NetworkServiceEndpointList, error) {
	n.Lock()
	defer n.Unlock()
	l := &registry.NetworkServiceEndpointList{}
	for _, e := range n.nses {
		if e.NetworkServiceManagerName == n.name {
			l.NetworkServiceEndpoints = append(l.NetworkServiceEndpoints, e)
		}
	}
	return l, nil
}

func registryMain(args []string) {
	rand.Seed(time.Now().UnixNano())
	st := &store{services: map[string]*registry.NetworkService{}, nsms: map[string]*registry.NetworkServiceManager{}}
	for _, a := range args {
		kv := strings.SplitN(a, "=", 2)
		n := &node{st, kv[0]}
		s := grpc.NewServer()
		registry.RegisterNetworkServiceRegistryServer(s, n)
		registry.RegisterNetworkServiceDiscoveryServer(s, n)
		registry.RegisterNsmRegistryServer(s, n)
		go s.Serve(listen(kv[1]))
	}
	select {}
}
