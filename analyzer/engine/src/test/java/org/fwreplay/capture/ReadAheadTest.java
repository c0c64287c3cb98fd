package org.fwreplay.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(5).nextBytes(bytes);
    return bytes;
  }

  private static InputStream failing(RuntimeException e) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        if (e != null) {
          throw e;
        }
        throw new IOException("the disk is gone");
      }
    };
  }

  @Test
  void itGivesWhatTheStreamHolds() throws IOException {
    for (int length : new int[] {0, 1, 1 << 18, (1 << 18) + 1, 3_000_000}) {
      byte[] all = bytes(length);
      try (InputStream in = new ReadAhead(new ByteArrayInputStream(all))) {
        assertThat(in.readAllBytes()).as("%d bytes", length).isEqualTo(all);
        assertThat(in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aFailureComesBehindTheBytesBeforeIt() throws IOException {
    byte[] before = bytes(700_000);
    InputStream both = new SequenceInputStream(new ByteArrayInputStream(before), failing(null));
    try (InputStream in = new ReadAhead(both)) {
      assertThat(in.readNBytes(before.length)).isEqualTo(before);
      assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessage("the disk is gone");
      assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatADecompressorThrowsIsThrownHere() throws IOException {
    try (InputStream in = new ReadAhead(failing(new IllegalStateException("damaged")))) {
      assertThatThrownBy(in::read).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingEndsTheThreadAndClosesTheStream() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 7;
          }

          @Override
          public void close() {
            closed.set(true);
          }
        };
    InputStream in = new ReadAhead(endless);
    assertThat(in.read()).isEqualTo(7);
    in.close();

    assertThat(closed).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("read-ahead") && thread.isAlive());
  }
}
