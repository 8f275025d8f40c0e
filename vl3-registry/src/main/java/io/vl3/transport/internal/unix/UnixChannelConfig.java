package io.vl3.transport.internal.unix;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;

/** Takes the TCP options that gRPC sets on every channel, which mean nothing here, in silence. */
final class UnixChannelConfig extends DefaultChannelConfig {

  private final Runnable clearReadPending;

  /**
   * The settings of a channel.
   *
   * @param clearReadPending has the channel forget that a read was asked for: without it a channel
   *     that is told to stop reading goes on for as long as its reads fail
   */
  UnixChannelConfig(Channel channel, Runnable clearReadPending) {
    super(channel);
    this.clearReadPending = clearReadPending;
  }

  @Override
  protected void autoReadCleared() {
    clearReadPending.run();
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    return option.equals(ChannelOption.SO_KEEPALIVE)
        || option.equals(ChannelOption.SO_BACKLOG)
        || super.setOption(option, value);
  }
}
