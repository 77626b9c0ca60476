package dev.modunest.edge.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.function.Supplier;

/** The edge as a process: its state, its settings, its end. */
public final class ProcessEndpoint {

    private final Supplier<JsonObject> status;
    private final Supplier<Reloaded> reload;
    private final Runnable drain;
    private final AdminWork work;

    /**
     * @param status takes milliseconds
     * @param reload reads files
     * @param drain begins and returns; again: nothing
     */
    public ProcessEndpoint(
            Supplier<JsonObject> status,
            Supplier<Reloaded> reload,
            Runnable drain,
            AdminWork work) {
        this.status = status;
        this.reload = reload;
        this.drain = drain;
        this.work = work;
    }

    void status(AdminExchange x) {
        work.run(x, status::get, told -> x.json(200, told));
    }

    void reload(AdminExchange x) {
        work.run(x, reload::get, reloaded -> answer(x, reloaded));
    }

    private static void answer(AdminExchange x, Reloaded reloaded) {
        switch (reloaded) {
            case Reloaded.Applied(var applied, var needRestart) ->
                    x.json(
                            200,
                            new JsonObject()
                                    .put("applied", new JsonArray(applied))
                                    .put("need_restart", new JsonArray(needRestart)));
            case Reloaded.Refused(String why) ->
                    x.problem(
                            422,
                            "settings-invalid",
                            "The settings have faults and stay as they are",
                            why);
        }
    }

    void drain(AdminExchange x) {
        drain.run();
        x.json(202, new JsonObject().put("state", "draining"));
    }
}
