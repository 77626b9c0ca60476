package dev.modunest.loader.cli;

import dev.modunest.format.PluginId;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.PluginLoader;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A text to give to the text service of a plugin. */
record ServiceCall(PluginId plugin, String input) {

    /**
     * @param good whether the plugin answered; otherwise {@code text} says why not
     */
    record Answer(ServiceCall call, boolean good, String text) {
        String line() {
            return call.plugin() + (good ? " answered: " : " gave no answer: ") + text;
        }
    }

    static ServiceCall parse(String text) {
        int sign = text.indexOf('=');
        if (sign < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a call: write namespace/name=INPUT");
        }
        return new ServiceCall(PluginId.parse(text.substring(0, sign)), text.substring(sign + 1));
    }

    Answer ask(PluginLoader loader, Duration deadline) throws InterruptedException {
        Optional<LoadedPlugin> running = loader.plugin(plugin);
        if (running.isEmpty()) {
            return new Answer(this, false, "it does not run");
        }
        // The class loader cannot know the type arguments; the cast inside the call checks them.
        Optional<? extends UnaryOperator<?>> service =
                running.get().service(UnaryOperator.class).map(found -> (UnaryOperator<?>) found);
        return service.isEmpty()
                ? new Answer(this, false, "it offers no java.util.function.UnaryOperator")
                : ask(service.get(), running.get().classLoader(), deadline);
    }

    private Answer ask(UnaryOperator<?> service, ClassLoader context, Duration deadline)
            throws InterruptedException {
        @SuppressWarnings("unchecked") // text in, text out is what the option promises to call
        UnaryOperator<Object> operator = (UnaryOperator<Object>) service;
        FutureTask<String> task = new FutureTask<>(() -> String.valueOf(operator.apply(input)));
        Thread thread = Thread.ofPlatform().daemon().name("call " + plugin).unstarted(task);
        thread.setContextClassLoader(context);
        thread.start();
        try {
            return new Answer(this, true, task.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException thrown) {
            return new Answer(this, false, String.valueOf(thrown.getCause()));
        } catch (TimeoutException late) {
            task.cancel(true);
            return new Answer(this, false, "none within " + deadline.toSeconds() + " s");
        }
    }
}
