package dev.modunest.loader.unload;

import dev.modunest.loader.isolate.PluginClassLoader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Platform threads that a plugin started: they have its class loader as context class loader, or
 * are of a class of it. They are interrupted; nothing can end a thread that does not want to.
 */
final class ThreadSweep implements Leftovers.Sweep {

    private static final long JOIN_MILLIS = 50;

    @Override
    public List<String> close(PluginClassLoader loader) {
        List<String> closed = new ArrayList<>();
        for (Thread thread : alive()) {
            if (isOf(thread, loader) && thread != Thread.currentThread()) {
                closed.add(end(thread));
            }
        }
        return closed;
    }

    private static boolean isOf(Thread thread, ClassLoader loader) {
        return loader.equals(thread.getContextClassLoader()) || Leftovers.isOf(thread, loader);
    }

    private static String end(Thread thread) {
        if (InnerSweep.cancelTimer(thread)) {
            return "timer '" + thread.getName() + "' was cancelled";
        }
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
        return "thread '"
                + thread.getName()
                + (thread.isAlive() ? "' was interrupted and goes on" : "' was interrupted");
    }

    /** All platform threads, without the cost of their stacks. */
    static List<Thread> alive() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        if (root == null) {
            return List.of();
        }
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() * 2 + 16];
        int count = root.enumerate(threads, true);
        return List.of(Arrays.copyOf(threads, count));
    }

    /** Threads that are of {@code loader}, or run code of it. */
    static List<String> users(ClassLoader loader) {
        List<String> users = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            if (thread == Thread.currentThread()) {
                continue;
            }
            if (isOf(thread, loader)) {
                users.add("thread '" + thread.getName() + "' runs on" + at(entry.getValue()));
            } else if (runs(entry.getValue(), loader)) {
                users.add("thread '" + thread.getName() + "' runs its code" + at(entry.getValue()));
            }
        }
        return users;
    }

    private static boolean runs(StackTraceElement[] stack, ClassLoader loader) {
        for (StackTraceElement frame : stack) {
            String name = frame.getClassLoaderName();
            if (name != null && name.equals(loader.getName())) {
                return true;
            }
        }
        return false;
    }

    private static String at(StackTraceElement[] stack) {
        return stack.length == 0 ? "" : " (at " + stack[0] + ")";
    }
}
