package dev.shiplog.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.http.Representation.Form;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.api.verbs.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Sends answers and failures. Called on the exchange's event loop. */
final class Responder {

  /** From here on an answer is compressed for clients that take it, and is sent in chunks. */
  private static final int LARGE = 128 * 1024;

  private static final String JSON = Representation.mediaType(Syntax.JSON);

  /** A list of so many objects is written at once. */
  private static final int SHORT = 32;

  private final Encoder encoder;

  Responder(Encoder encoder) {
    this.encoder = encoder;
  }

  void send(Exchange exchange, Answer answer) {
    Representation wanted = exchange.representation();
    switch (answer) {
      case Answer.Stored stored -> {
        exchange.warn(stored.warnings());
        byte[] bytes = encoder.object(stored.type(), stored.object(), wanted);
        sendBytes(exchange, stored.code(), bytes);
      }
      case Answer.Made made -> {
        exchange.warn(made.warnings());
        sendTree(exchange, made.code(), encoder.made(made.object(), wanted));
      }
      case Answer.Listing listing when listing.objects().size() <= SHORT ->
          sendList(exchange, listing, wanted);
      case Answer.Listing listing -> atLength(exchange, () -> sendList(exchange, listing, wanted));
    }
  }

  /** Sends a document in JSON or YAML. */
  void sendTree(Exchange exchange, int code, ObjectNode tree) {
    sendBytes(exchange, code, encoder.tree(tree, exchange.representation().syntax()));
  }

  byte[] encode(ObjectNode tree, Syntax syntax) {
    return encoder.tree(tree, syntax);
  }

  /** Sends a document, unless the client has it. */
  void sendDocument(Exchange exchange, TaggedDocument document) {
    exchange.response().putHeader("ETag", document.tag()).putHeader("Vary", "Accept");
    if (document.tag().equals(exchange.request().getHeader("If-None-Match"))) {
      exchange.response().setStatusCode(304).end();
    } else {
      sendBytes(exchange, 200, document.bytes());
    }
  }

  /** Sends bytes that are in the representation that was negotiated. */
  void sendBytes(Exchange exchange, int code, byte[] compact) {
    byte[] bytes = isPretty(exchange) ? encoder.pretty(compact) : compact;
    if (bytes.length >= LARGE && exchange.acceptsGzip()) {
      sendChunks(exchange, code, new GzipChunks(List.of(Buffer.buffer(bytes)).iterator()), true);
    } else {
      exchange.send(code, exchange.contentType(), Buffer.buffer(bytes));
    }
  }

  void fail(Exchange exchange, Throwable thrown) {
    ApiFailure failure = FailureClassifier.classify(thrown, exchange);
    HttpServerResponse response = exchange.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    if (failure.retryAfterSeconds() > 0) {
      response.putHeader("Retry-After", Integer.toString(failure.retryAfterSeconds()));
    }
    Syntax syntax = exchange.representation().syntax();
    exchange.send(
        failure.code(),
        Representation.mediaType(syntax),
        Buffer.buffer(encoder.tree(StatusTree.of(failure), syntax)));
  }

  private void sendList(Exchange exchange, Answer.Listing listing, Representation wanted) {
    if (wanted.syntax() == Syntax.PROTOBUF) {
      sendBytes(exchange, 200, encoder.listMessage(listing, wanted));
      return;
    }
    boolean fromPieces =
        wanted.syntax() == Syntax.JSON && wanted.form() != Form.TABLE && !isPretty(exchange);
    if (!fromPieces) {
      sendTree(exchange, 200, encoder.listTree(listing, wanted));
      return;
    }
    Function<StoredObject, byte[]> bytes =
        wanted.isPlainJson() && listing.type().servesStoredBytes()
            ? StoredObject::bytes
            : object -> encoder.object(listing.type(), object, wanted);
    ListChunks chunks = new ListChunks(encoder, listing, wanted, bytes);
    Buffer first = chunks.next();
    if (!chunks.hasNext()) {
      exchange.send(200, wanted.contentType(), first);
      return;
    }
    Iterator<Buffer> all = new Prepended(first, chunks);
    boolean gzip = exchange.acceptsGzip();
    sendChunks(exchange, 200, gzip ? new GzipChunks(all) : all, gzip);
  }

  /** Whether JSON is to be read by people. */
  private static boolean isPretty(Exchange exchange) {
    return exchange.query().flag("pretty") && exchange.contentType().startsWith(JSON);
  }

  private void sendChunks(Exchange exchange, int code, Iterator<Buffer> chunks, boolean gzip) {
    HttpServerResponse response = exchange.head(code, exchange.contentType());
    if (gzip) {
      response.putHeader("Content-Encoding", "gzip").putHeader("Vary", "Accept-Encoding");
    }
    if (exchange.wantsHeadOnly()) {
      response.end();
      return;
    }
    response.setChunked(true);
    sendNext(exchange, chunks);
  }

  /**
   * Does a long piece of work for an answer when it is its turn, if anybody still waits for it; a
   * failure is answered.
   */
  void atLength(Exchange exchange, Runnable piece) {
    exchange.atLength(() -> {
      try {
        if (!exchange.response().closed()) {
          piece.run();
        }
      } catch (RuntimeException failed) {
        fail(exchange, failed);
      }
    });
  }

  /** One chunk at a time, so that others on the event loop get their turn between two. */
  private void sendNext(Exchange exchange, Iterator<Buffer> chunks) {
    HttpServerResponse response = exchange.response();
    if (response.closed()) {
      return;
    }
    if (!chunks.hasNext()) {
      response.end();
    } else if (response.writeQueueFull()) {
      response.drainHandler(drained -> atLength(exchange, () -> sendNext(exchange, chunks)));
    } else {
      response.write(chunks.next());
      atLength(exchange, () -> sendNext(exchange, chunks));
    }
  }

  private static final class Prepended implements Iterator<Buffer> {
    private Buffer first;
    private final Iterator<Buffer> rest;

    Prepended(Buffer first, Iterator<Buffer> rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public boolean hasNext() {
      return first != null || rest.hasNext();
    }

    @Override
    public Buffer next() {
      if (first == null) {
        return rest.next();
      }
      Buffer next = first;
      first = null;
      return next;
    }
  }
}
