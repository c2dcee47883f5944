package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.PatientAuthorizer;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Refused;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.transactions.Operation.What;
import dev.shiplog.api.transactions.TransactionRun.Done;
import dev.shiplog.api.transactions.TransactionRun.Outcome;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.Creation;
import dev.shiplog.api.verbs.Parts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Carries out a Transaction, and answers with what became of it. Its caller's thread may wait. */
public final class TransactionCreation implements Creation {

  private static final int MOST_OPERATIONS = 1000;

  private final Parts parts;
  private final Supplier<ResourceCatalogue> catalogue;
  private final Authorizer authorizer;

  public TransactionCreation(
      Parts parts, Supplier<ResourceCatalogue> catalogue, Authorizer authorizer) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.authorizer = new PatientAuthorizer(authorizer);
  }

  @Override
  public CompletableFuture<Answer> create(ApiRequest.Create request) {
    ObjectNode transaction = Sent.object(parts, request);
    List<Operation> operations = operations(transaction.at("/spec/operations"));
    TransactionRun run =
        new TransactionRun(parts, authorizer, request.caller(), request.options(), request.verb());
    return CompletableFuture.completedFuture(answer(transaction, run.run(operations)));
  }

  private List<Operation> operations(JsonNode nodes) {
    if (nodes.isEmpty() || nodes.size() > MOST_OPERATIONS) {
      throw Failures.invalid(
          "shiplog.dev",
          "Transaction",
          "",
          List.of(
              new StatusCause(
                  "FieldValueInvalid",
                  "Invalid value: there must be 1 to %d operations, not %d"
                      .formatted(MOST_OPERATIONS, nodes.size()),
                  "spec.operations")));
    }
    OperationReader reader = new OperationReader(catalogue.get());
    List<Operation> operations = new ArrayList<>(nodes.size());
    List<Refused> refusals = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      try {
        operations.add(reader.read(nodes.get(i)));
      } catch (ApiFailure refusal) {
        refusals.add(new Refused("spec.operations[" + i + "]", refusal));
      }
    }
    if (!refusals.isEmpty()) {
      throw Refused.together(refusals, ApiFailure.Subject.of("shiplog.dev", "transactions", ""));
    }
    return operations;
  }

  private Answer answer(ObjectNode transaction, Done done) {
    // What was asked for is known to who asked.
    ObjectNode answer = transaction.objectNode();
    answer.put("kind", "Transaction").put("apiVersion", "shiplog.dev/v1").putObject("metadata");
    answer.putObject("spec").putArray("operations");
    ObjectNode status = answer.putObject("status");
    if (done.revision() > 0) {
      status.put("revision", Long.toString(done.revision()));
    }
    ArrayNode results = status.putArray("results");
    done.outcomes().forEach(outcome -> put(outcome, results.addObject()));
    return new Answer.Made(201, answer, done.revision(), List.of());
  }

  private void put(Outcome outcome, ObjectNode result) {
    result.put("operation", outcome.operation().name()).put("result", result(outcome));
    result.set(
        "object",
        parts.forms().toServed(outcome.operation().target().type(), outcome.after().tree()));
    if (!outcome.warnings().isEmpty()) {
      outcome.warnings().forEach(result.putArray("warnings")::add);
    }
  }

  private static String result(Outcome outcome) {
    if (outcome.operation().what() instanceof What.Check) {
      return "Checked";
    }
    if (outcome.gone()) {
      return "Deleted";
    }
    if (outcome.operation().what() instanceof What.Delete) {
      return "Terminating";
    }
    if (outcome.before() == null) {
      return "Created";
    }
    return Arrays.equals(outcome.before().bytes(), outcome.after().bytes())
        ? "Unchanged"
        : "Changed";
  }
}
