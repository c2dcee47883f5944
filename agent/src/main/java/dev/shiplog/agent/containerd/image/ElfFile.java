package dev.shiplog.agent.containerd.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** As much of an ELF executable of 64 bits as tells whether it runs by itself. */
final class ElfFile {

  private static final int MAGIC = 0x7f454c46;
  private static final int SEGMENT_INTERPRETER = 3;
  private static final int HEADER_BYTES = 64;
  private static final int MAX_SEGMENT_BYTES = 1 << 16;

  private ElfFile() {}

  /**
   * Whether the kernel starts it through a dynamic linker.
   *
   * @throws IOException if it is not such a file
   */
  static boolean needsInterpreter(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = read(channel, 0, HEADER_BYTES, file);
      if (header.getInt(0) != MAGIC || header.get(4) != 2 || header.get(5) != 1) {
        throw new IOException(file + " is not an ELF executable of 64 bits");
      }
      header.order(ByteOrder.LITTLE_ENDIAN);
      int size = Short.toUnsignedInt(header.getShort(54));
      int count = Short.toUnsignedInt(header.getShort(56));
      ByteBuffer segments =
          read(channel, header.getLong(32), Math.min(size * count, MAX_SEGMENT_BYTES), file)
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + Integer.BYTES <= segments.limit(); at += size) {
        if (segments.getInt(at) == SEGMENT_INTERPRETER) {
          return true;
        }
      }
      return false;
    }
  }

  private static ByteBuffer read(FileChannel channel, long from, int size, Path file)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new IOException(file + " is cut off");
      }
    }
    return buffer.flip();
  }
}
