package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What a plugin gave to the engine to close: resources and threads. Thread-safe. */
final class OwnedResources {

    static final int MOST = 10_000;

    private final Coordinate plugin;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    OwnedResources(Coordinate plugin) {
        this.plugin = plugin;
    }

    synchronized <T extends AutoCloseable> T add(T resource) {
        requireRoom(resources.size());
        resources.push(resource);
        return resource;
    }

    synchronized Thread startThread(String name, Runnable code) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        requireRoom(threads.size());
        Thread thread =
                Thread.ofVirtual()
                        .name(plugin + " " + name)
                        .inheritInheritableThreadLocals(false)
                        .unstarted(code);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void requireRoom(int held) {
        if (closed) {
            throw new IllegalStateException(plugin + " has been stopped");
        }
        if (held >= MOST) {
            throw new IllegalStateException(
                    plugin + " has " + MOST + " open resources already: close some");
        }
    }

    /** How many resources and threads are open. */
    synchronized int open() {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        return resources.size() + threads.size();
    }

    /**
     * Interrupts the threads and closes the resources, the last first.
     *
     * @return what was still open, one line each
     */
    synchronized List<String> close() {
        closed = true;
        List<String> lines = new ArrayList<>();
        for (Thread thread : threads) {
            if (thread.isAlive()) {
                thread.interrupt();
                lines.add("thread '" + thread.getName() + "' was interrupted");
            }
        }
        threads.clear();
        while (!resources.isEmpty()) {
            lines.add(close(resources.pop()));
        }
        return lines;
    }

    private String close(AutoCloseable resource) {
        String name = resource.getClass().getName();
        try {
            resource.close();
            return name + " was closed";
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            return name + " was interrupted while it closed";
        } catch (Exception | LinkageError failed) {
            LoaderLog.get()
                    .log(Level.WARNING, "closing a resource of " + plugin + " failed", failed);
            return name + " failed to close";
        }
    }
}
