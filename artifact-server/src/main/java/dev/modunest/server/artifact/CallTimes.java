package dev.modunest.server.artifact;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Times every call of the storage and tells the observer. Thread-safe. */
final class CallTimes implements ExecutionInterceptor {

    private static final ExecutionAttribute<Long> BEGUN =
            new ExecutionAttribute<>("dev.modunest.begun");

    private final StoreObserver observer;

    CallTimes(StoreObserver observer) {
        this.observer = observer;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes call) {
        call.putAttribute(BEGUN, System.nanoTime());
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes call) {
        tell(call, StoreObserver.Outcome.OK);
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes call) {
        boolean missing =
                context.exception() instanceof AwsServiceException answer
                        && answer.statusCode() == 404;
        tell(call, missing ? StoreObserver.Outcome.MISSING : StoreObserver.Outcome.FAILED);
    }

    private void tell(ExecutionAttributes call, StoreObserver.Outcome outcome) {
        observer.called(
                call.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
                outcome,
                System.nanoTime() - call.getAttribute(BEGUN));
    }
}
