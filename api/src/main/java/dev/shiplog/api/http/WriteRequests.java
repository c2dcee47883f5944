package dev.shiplog.api.http;

import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.decoding.FieldValidation;
import dev.shiplog.api.schema.decoding.ObjectDecoder;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.topics.journal.UserInfo;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Requests that bring a body. It is read before they ask for a seat. */
final class WriteRequests {

  private static final dev.shiplog.api.schema.decoding.Target DELETE_OPTIONS =
      dev.shiplog.api.schema.decoding.Target.ofEveryGroup("DeleteOptions");

  private static final Set<String> APPLY_MEDIA_TYPES =
      Set.of("application/apply-patch+yaml", "application/apply-patch+json");

  private static final Set<String> VERBS =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  private final BodyReader bodies;
  private final Turnstile turnstile;
  private final VerbCalls calls;
  private final Responder responder;
  private final ObjectDecoder decoder = new ObjectDecoder();

  WriteRequests(BodyReader bodies, Turnstile turnstile, VerbCalls calls, Responder responder) {
    this.bodies = bodies;
    this.turnstile = turnstile;
    this.calls = calls;
    this.responder = responder;
  }

  static boolean takes(String verb) {
    return VERBS.contains(verb);
  }

  /** A write on its way. */
  private record Write(Exchange exchange, Target target, Caller caller, Attributes asked) {}

  void handle(Exchange exchange, Target target, Caller caller, Attributes asked) {
    Write write = new Write(exchange, target, caller, asked);
    switch (asked.verb()) {
      case "create" -> create(write);
      case "update" -> update(write);
      case "patch" -> patch(write);
      default -> delete(write);
    }
  }

  private void create(Write write) {
    var options = write.exchange().query().write("CreateOptions");
    boolean several = write.target().type().qualifiedName().equals("transactions.shiplog.dev");
    BodyReader.Incoming incoming =
        bodies.from(
            write.exchange(),
            write.caller().user(),
            several ? BodyReader.TRANSACTION_LIMIT : BodyReader.LIMIT);
    with(
        write,
        incoming,
        incoming.object(),
        body -> new ApiRequest.Create(write.target(), write.caller(), body, options));
  }

  private void update(Write write) {
    var options = write.exchange().query().write("UpdateOptions");
    BodyReader.Incoming incoming = incoming(write);
    with(
        write,
        incoming,
        incoming.object(),
        body -> new ApiRequest.Update(write.target(), write.caller(), body, options));
  }

  private void patch(Write write) {
    String media = BodyReader.mediaType(write.exchange().request());
    if (APPLY_MEDIA_TYPES.contains(media)) {
      apply(write);
      return;
    }
    PatchType type =
        PatchType.of(media)
            .filter(patch -> understands(write.target(), patch))
            .orElseThrow(() -> Refusals.unsupportedMediaType(media, patches(write.target())));
    var options = write.exchange().query().write("PatchOptions");
    var _ = write.exchange().query().force(false);
    BodyReader.Incoming incoming = incoming(write);
    with(
        write,
        incoming,
        incoming.bytes(),
        body ->
            new ApiRequest.Patch(write.target(), write.caller(), Patch.parse(type, body), options));
  }

  /** Nobody says of a custom resource how a strategic patch is to merge its lists. */
  private static boolean understands(Target target, PatchType patch) {
    return patch != PatchType.STRATEGIC_MERGE || target.type().custom().isEmpty();
  }

  private static String patches(Target target) {
    String known =
        Arrays.stream(PatchType.values())
            .filter(patch -> understands(target, patch))
            .map(PatchType::mediaType)
            .collect(Collectors.joining(", "));
    return known + ", application/apply-patch+yaml";
  }

  private void apply(Write write) {
    var options = write.exchange().query().apply();
    boolean force = write.exchange().query().force(true);
    BodyReader.Incoming incoming = incoming(write);
    with(
        write,
        incoming,
        incoming.bytes(),
        body ->
            new ApiRequest.Apply(
                write.target(), write.caller(), new Body(body, Syntax.YAML), options, force));
  }

  private void delete(Write write) {
    Query query = write.exchange().query();
    BodyReader.Incoming incoming = incoming(write);
    with(
        write,
        incoming,
        incoming.object(),
        body -> {
          DeleteOptions options = query.delete(options(body));
          return write.asked().verb().equals("delete")
              ? new ApiRequest.Delete(write.target(), write.caller(), options)
              : new ApiRequest.DeleteCollection(
                  write.target(), write.caller(), query.selection(), query.list(), options);
        });
  }

  private DeleteOptions options(Body body) {
    return body.bytes().length == 0
        ? DeleteOptions.DEFAULT
        : DeleteOptions.of(
            decoder
                .decode(body.bytes(), body.syntax(), DELETE_OPTIONS, FieldValidation.IGNORE)
                .object());
  }

  private BodyReader.Incoming incoming(Write write) {
    return bodies.from(write.exchange(), write.caller().user(), BodyReader.LIMIT);
  }

  private interface FromBody<T> {
    ApiRequest request(T body);
  }

  private <T> void with(
      Write write, BodyReader.Incoming incoming, CompletableFuture<T> read, FromBody<T> then) {
    seat(
        write.exchange(),
        write.caller().user(),
        write.asked(),
        incoming,
        read,
        body -> calls.answer(write.exchange(), then.request(body)));
  }

  /** Hands a body to somebody else once it has come and there is a seat for its request. */
  void pass(
      Exchange exchange,
      UserInfo user,
      Attributes asked,
      BodyReader.Incoming incoming,
      Consumer<byte[]> then) {
    seat(exchange, user, asked, incoming, incoming.bytes(), then);
  }

  private <T> void seat(
      Exchange exchange,
      UserInfo user,
      Attributes asked,
      BodyReader.Incoming incoming,
      CompletableFuture<T> read,
      Consumer<T> then) {
    var _ =
        read.thenAccept(body ->
                turnstile.pass(
                    exchange,
                    user,
                    asked,
                    incoming.width(),
                    incoming::release,
                    permit -> accept(exchange, incoming, body, then)))
            .whenComplete((none, thrown) -> {
              if (thrown != null) {
                incoming.release();
                responder.fail(exchange, thrown);
              }
            });
  }

  private <T> void accept(
      Exchange exchange, BodyReader.Incoming incoming, T body, Consumer<T> then) {
    if (incoming.isLarge()) {
      responder.atLength(exchange, () -> then.accept(body));
    } else {
      then.accept(body);
    }
  }
}
