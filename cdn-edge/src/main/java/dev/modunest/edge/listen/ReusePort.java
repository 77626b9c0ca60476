package dev.modunest.edge.listen;

import io.netty.channel.Channel;
import io.netty.channel.unix.RawUnixChannelOption;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns new connections away from a socket that listens with others on its port, before it is
 * closed: who is in its queue when it closes is reset otherwise. The group of sockets gets a filter
 * of classic BPF that chooses the second one, the successor (socket(7), SO_ATTACH_REUSEPORT_CBPF).
 * Where there is no second one the kernel goes on to choose by itself.
 */
final class ReusePort {

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    private static final int FILTER_BYTES = 8;
    private static final int PROGRAM_BYTES = 16;
    private static final short BPF_RET_K = 6;
    private static final int SUCCESSOR = 1;

    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption(
                    "SO_ATTACH_REUSEPORT_CBPF",
                    SOL_SOCKET,
                    SO_ATTACH_REUSEPORT_CBPF,
                    PROGRAM_BYTES);

    private ReusePort() {}

    /** Whether the socket took the filter: not with NIO. */
    static boolean turnAway(Channel listening) {
        ByteBuffer filter = ByteBuffer.allocateDirect(FILTER_BYTES).order(ByteOrder.nativeOrder());
        filter.putShort(0, BPF_RET_K).putInt(Integer.BYTES, SUCCESSOR);
        ByteBuffer program =
                ByteBuffer.allocateDirect(PROGRAM_BYTES).order(ByteOrder.nativeOrder());
        program.putShort(0, (short) 1)
                .putLong(Long.BYTES, MemorySegment.ofBuffer(filter).address());
        return listening.config().setOption(OPTION, program);
    }
}
