package dev.modunest.loader.cli;

import dev.modunest.loader.PluginLoader;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/** Keeps the process until it is told to end. */
final class Keep {

    private Keep() {}

    /** Waits; a signal stops the plugins in order, then the JVM ends. */
    static void untilStopped(PluginLoader loader, PrintWriter err) throws InterruptedException {
        Thread stop =
                Thread.ofPlatform()
                        .name("modunest-stop")
                        .unstarted(
                                () -> {
                                    int running = loader.plugins().size();
                                    loader.close();
                                    err.println("Stopped " + running + " plugins.");
                                    err.flush();
                                });
        Runtime.getRuntime().addShutdownHook(stop);
        err.println(loader.plugins().size() + " plugins run. Ctrl-C stops them.");
        err.flush();
        new CountDownLatch(1).await();
    }
}
