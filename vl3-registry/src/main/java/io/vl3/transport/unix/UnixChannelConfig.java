package io.vl3.transport.unix;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;

/** Takes the TCP options that gRPC sets on every channel, which mean nothing here, in silence. */
final class UnixChannelConfig extends DefaultChannelConfig {

  UnixChannelConfig(Channel channel) {
    super(channel);
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    return option.equals(ChannelOption.SO_KEEPALIVE)
        || option.equals(ChannelOption.SO_BACKLOG)
        || super.setOption(option, value);
  }
}
