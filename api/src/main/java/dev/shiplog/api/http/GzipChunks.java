package dev.shiplog.api.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Chunks compressed as one gzip stream, at the fastest level. One thread. */
final class GzipChunks implements Iterator<Buffer> {

  private final Iterator<Buffer> plain;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final GZIPOutputStream gzip;

  GzipChunks(Iterator<Buffer> plain) {
    this.plain = plain;
    try {
      this.gzip =
          new GZIPOutputStream(out, 8192) {
            {
              def.setLevel(Deflater.BEST_SPEED);
            }
          };
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
  }

  @Override
  public boolean hasNext() {
    return plain.hasNext();
  }

  @Override
  public Buffer next() {
    try {
      gzip.write(plain.next().getBytes());
      if (!plain.hasNext()) {
        gzip.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    Buffer chunk = Buffer.buffer(out.toByteArray());
    out.reset();
    return chunk;
  }
}
