package dev.modunest.edge.listen;

import dev.modunest.edge.limit.ClientNetwork;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections of all ports, and takes no more than the bounds say. Thread-safe. */
@ChannelHandler.Sharable
final class ConnectionGate extends ChannelInboundHandlerAdapter {

    private final Front front;
    private final AtomicInteger open = new AtomicInteger();
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<ClientNetwork, Integer> openByNetwork =
            new ConcurrentHashMap<>();

    ConnectionGate(Front front) {
        this.front = front;
    }

    /** The sockets that listen. */
    List<Channel> listening() {
        return List.copyOf(listening);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        listening.add(ctx.channel());
    }

    int open() {
        return open.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel channel = (Channel) accepted;
        ListenSettings bounds = front.settings();
        if (open.get() >= bounds.maxConnections()) {
            refuse(channel, Ending.MAX_CONNECTIONS);
        } else if (channel.remoteAddress() instanceof InetSocketAddress client
                && bounds.maxConnectionsPerAddress() > 0
                && !enter(channel, ClientNetwork.of(client.getAddress()), bounds)) {
            refuse(channel, Ending.MAX_PER_ADDRESS);
        } else {
            open.incrementAndGet();
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            channel.pipeline().addLast(new ClientConnection(front));
            ctx.fireChannelRead(channel);
        }
    }

    private boolean enter(Channel channel, ClientNetwork network, ListenSettings bounds) {
        if (openByNetwork.merge(network, 1, Integer::sum) > bounds.maxConnectionsPerAddress()) {
            // The close future of a channel that is refused before it is registered never comes.
            leave(network);
            return false;
        }
        channel.closeFuture().addListener(_ -> leave(network));
        return true;
    }

    private void leave(ClientNetwork network) {
        openByNetwork.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
    }

    private void refuse(Channel channel, Ending why) {
        front.ended(why);
        channel.unsafe().closeForcibly();
    }
}
