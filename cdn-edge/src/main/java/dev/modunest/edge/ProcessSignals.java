package dev.modunest.edge;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * SIGHUP and SIGTERM of POSIX. {@code sun.misc.Signal} is the only way to them and is asked for by
 * name, since the compiler warns of it wherever it stands.
 */
final class ProcessSignals {

    private ProcessSignals() {}

    /**
     * Runs {@code action} on a thread of its own whenever the signal {@code name} comes.
     *
     * @param name without SIG
     */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            Thread.ofPlatform().name("signal-" + name).start(action);
                        }
                        return null;
                    };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            Proxy.newProxyInstance(
                                    ProcessSignals.class.getClassLoader(),
                                    new Class<?>[] {handler},
                                    run));
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException("this JDK has no signals", absent);
        }
    }
}
