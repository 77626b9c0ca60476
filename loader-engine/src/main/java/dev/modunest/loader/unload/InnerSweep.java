package dev.modunest.loader.unload;

import dev.modunest.loader.isolate.PluginClassLoader;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Thread locals, shutdown hooks and timers, which the JDK keeps in private fields: looked into when
 * the host's JVM opens {@code java.lang} and {@code java.util} to the loader ({@code --add-opens}).
 */
final class InnerSweep implements Leftovers.Sweep {

    private static final Module BASE = Object.class.getModule();

    static boolean isOpen(String packageName) {
        return BASE.isOpen(packageName, InnerSweep.class.getModule());
    }

    private static String flag(String packageName) {
        Module loader = InnerSweep.class.getModule();
        return "--add-opens java.base/"
                + packageName
                + "="
                + (loader.isNamed() ? loader.getName() : "ALL-UNNAMED");
    }

    /** Where nobody has looked. */
    static List<String> blindSpots() {
        List<String> spots = new ArrayList<>();
        if (!isOpen("java.lang")) {
            spots.add(
                    "perhaps a thread local or a shutdown hook, which can be seen with "
                            + flag("java.lang"));
        }
        if (!isOpen("java.util")) {
            spots.add(
                    "perhaps a java.util.Timer, which can be cancelled with " + flag("java.util"));
        }
        return spots;
    }

    @Override
    public List<String> close(PluginClassLoader loader) throws ReflectiveOperationException {
        if (!isOpen("java.lang")) {
            return List.of();
        }
        List<String> closed = new ArrayList<>(shutdownHooks(loader));
        for (Thread thread : ThreadSweep.alive()) {
            closed.addAll(threadLocals(thread, "threadLocals", loader));
            closed.addAll(threadLocals(thread, "inheritableThreadLocals", loader));
        }
        return closed;
    }

    private static List<String> shutdownHooks(ClassLoader loader)
            throws ReflectiveOperationException {
        Map<?, ?> hooks =
                (Map<?, ?>)
                        read(Class.forName("java.lang.ApplicationShutdownHooks"), null, "hooks");
        List<String> closed = new ArrayList<>();
        if (hooks == null) { // the JVM is going down
            return closed;
        }
        for (Object key : List.copyOf(hooks.keySet())) {
            Thread hook = (Thread) key;
            if (loader.equals(hook.getContextClassLoader()) || Leftovers.isOf(hook, loader)) {
                Runtime.getRuntime().removeShutdownHook(hook);
                closed.add("shutdown hook '" + hook.getName() + "' was removed");
            }
        }
        return closed;
    }

    private static List<String> threadLocals(Thread thread, String field, ClassLoader loader)
            throws ReflectiveOperationException {
        Object map = read(Thread.class, thread, field);
        if (map == null) {
            return List.of();
        }
        Object[] table = (Object[]) read(map.getClass(), map, "table");
        List<String> closed = new ArrayList<>();
        for (Object entry : table == null ? List.of() : Arrays.asList(table.clone())) {
            if (entry == null) {
                continue;
            }
            Object value = read(entry.getClass(), entry, "value");
            ThreadLocal<?> key = (ThreadLocal<?>) ((java.lang.ref.Reference<?>) entry).get();
            boolean isOurs =
                    (value != null && refersTo(value, loader))
                            || (key != null && Leftovers.isOf(key, loader));
            if (key != null && isOurs) {
                Method remove = map.getClass().getDeclaredMethod("remove", ThreadLocal.class);
                remove.setAccessible(true);
                remove.invoke(map, key);
                closed.add("a thread local of thread '" + thread.getName() + "' was removed");
            }
        }
        return closed;
    }

    private static boolean refersTo(Object value, ClassLoader loader) {
        return loader.equals(value)
                || Leftovers.isOf(value, loader)
                || (value instanceof Class<?> type && loader.equals(type.getClassLoader()));
    }

    /** Cancels the timer whose thread it is. */
    static boolean cancelTimer(Thread thread) {
        if (!thread.getClass().getName().equals("java.util.TimerThread") || !isOpen("java.util")) {
            return false;
        }
        try {
            Object queue = read(thread.getClass(), thread, "queue");
            if (queue == null) {
                return false;
            }
            Field running = field(thread.getClass(), "newTasksMayBeScheduled");
            Method clear = queue.getClass().getDeclaredMethod("clear");
            clear.setAccessible(true);
            synchronized (queue) {
                running.setBoolean(thread, false);
                clear.invoke(queue);
                queue.notifyAll();
            }
            return true;
        } catch (ReflectiveOperationException otherForm) {
            return false;
        }
    }

    private static @Nullable Object read(Class<?> type, @Nullable Object object, String name)
            throws ReflectiveOperationException {
        return field(type, name).get(object);
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
