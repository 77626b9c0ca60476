package dev.modunest.edge.listen;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadFactory;

/**
 * A transport of Vert.x that puts a handler before the sockets that listen, where connections are
 * seen before Vert.x sees them.
 */
public final class FrontTransport implements Transport, io.vertx.core.spi.transport.Transport {

    private final Transport transport;
    private final io.vertx.core.spi.transport.Transport implementation;
    private volatile @Nullable ChannelHandler gate;

    FrontTransport(Transport transport) {
        this.transport = transport;
        this.implementation = transport.implementation();
    }

    /** Puts {@code handler} before the sockets that are bound from now on; null: nothing. */
    void gate(@Nullable ChannelHandler handler) {
        gate = handler;
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
        implementation.configure(config, domainSocket, bootstrap);
        ChannelHandler handler = gate;
        if (handler != null) {
            bootstrap.handler(handler);
        }
    }

    @Override
    public String name() {
        return transport.name();
    }

    @Override
    public boolean available() {
        return transport.available();
    }

    @Override
    public boolean isAvailable() {
        return transport.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    @Override
    public boolean supportsDomainSockets() {
        return implementation.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return implementation.supportFileRegion();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return implementation.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return implementation.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return implementation.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ratio) {
        return implementation.eventLoopGroup(type, threads, factory, ratio);
    }

    @Override
    @SuppressWarnings("deprecation")
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return implementation.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
        return implementation.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return implementation.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return implementation.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        implementation.configure(channel, options);
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
        implementation.configure(config, domainSocket, bootstrap);
    }
}
