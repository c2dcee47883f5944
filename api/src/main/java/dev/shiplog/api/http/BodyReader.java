package dev.shiplog.api.http;

import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Refusals;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.protobuf.ProtobufBody;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.topics.catalogue.TopicCatalogue;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Reads request bodies, up to a limit. */
final class BodyReader {

  /** What Kubernetes and its clients count on. */
  static final int LIMIT = 3 << 20;

  /** Several objects together: as much as the journal takes at once. */
  static final int TRANSACTION_LIMIT = TopicCatalogue.MAX_ENTRY_BYTES;

  /** Who sends slower than this holds a connection and nothing else. */
  private static final long LONGEST_MS = 60_000;

  private static final int REQUEST_TIMEOUT = 408;

  private static final ProtobufBody PROTOBUF =
      new ProtobufBody(ResourceCatalogue::builtIn, TypeCatalogue.builtIn());

  private BodyReader() {}

  /**
   * Reads the body; must be called before the event loop turns to anything else.
   *
   * @return fails with {@code RequestEntityTooLarge}; the connection is closed then, since the rest
   *     of the body is not read
   */
  static CompletableFuture<byte[]> read(HttpServerRequest request) {
    return read(request, LIMIT);
  }

  private static CompletableFuture<byte[]> read(HttpServerRequest request, int limit) {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    requirePlain(request);
    if (declaredLength(request) > limit) {
      refuse(request, read, tooLarge(limit));
      return read;
    }
    Buffer body = Buffer.buffer();
    request.handler(chunk -> {
      if (body.length() + chunk.length() > limit) {
        request.handler(ignored -> {});
        refuse(request, read, tooLarge(limit));
      } else {
        body.appendBuffer(chunk);
      }
    });
    Vertx vertx = Vertx.currentContext().owner();
    long timer = vertx.setTimer(LONGEST_MS, late -> refuse(request, read, tooSlow()));
    request.endHandler(end -> {
      vertx.cancelTimer(timer);
      read.complete(body.getBytes());
    });
    request.exceptionHandler(broken -> {
      vertx.cancelTimer(timer);
      read.completeExceptionally(Failures.badRequest("the request's body broke off"));
    });
    request.resume();
    return read;
  }

  /** The syntax of an object in a body, by its media type; JSON if that is not said. */
  static Syntax syntax(HttpServerRequest request) {
    return switch (mediaType(request)) {
      case "", "application/json", "*/*" -> Syntax.JSON;
      case "application/yaml", "application/x-yaml" -> Syntax.YAML;
      default ->
          throw Refusals.unsupportedMediaType(
              mediaType(request), "application/json, application/yaml, " + ProtobufBody.MEDIA_TYPE);
    };
  }

  static CompletableFuture<Body> object(HttpServerRequest request) {
    return object(request, LIMIT);
  }

  static CompletableFuture<Body> object(HttpServerRequest request, int limit) {
    if (mediaType(request).equals(ProtobufBody.MEDIA_TYPE)) {
      return read(request, limit).thenApply(bytes -> new Body(PROTOBUF.toJson(bytes), Syntax.JSON));
    }
    Syntax syntax = syntax(request);
    return read(request, limit).thenApply(bytes -> new Body(bytes, syntax));
  }

  /** Without its parameters; empty if it is not said. */
  static String mediaType(HttpServerRequest request) {
    String header = request.getHeader("Content-Type");
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** What is packed could be any size unpacked, so it is not taken. */
  private static void requirePlain(HttpServerRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.strip().equals("identity")) {
      throw Refusals.unsupportedMediaType(
          "Content-Encoding " + encoding.strip(), "bodies without a content encoding");
    }
  }

  private static ApiFailure tooSlow() {
    return new ApiFailure(
        Reason.TIMEOUT,
        REQUEST_TIMEOUT,
        "the request's body did not arrive within %d s".formatted(LONGEST_MS / 1000),
        null,
        List.of(),
        0);
  }

  private static void refuse(
      HttpServerRequest request, CompletableFuture<byte[]> read, ApiFailure why) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader("Connection", "close");
    }
    read.completeExceptionally(why);
  }

  private static ApiFailure tooLarge(int limit) {
    return Failures.tooLarge("Request entity too large: limit is " + limit);
  }

  private static long declaredLength(HttpServerRequest request) {
    String header = request.getHeader("Content-Length");
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      throw Failures.badRequest("Content-Length is no number");
    }
  }
}
