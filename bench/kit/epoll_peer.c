// The limit: one thread, one send(2) a viewer, and nothing else. Arguments: port, file with a frame a line.
// It speaks just enough for viewers that send what ours send: a handshake answered with the key they all use.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 65536, FRAMES = 50 };
static const char WELCOME[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=\r\n\r\n\x81\x02" "40";
static char *rows[FRAMES], body[MOST], whole[MOST + 16], heard[4096];
static int viewers[MOST], is_in[MOST], count;

static size_t frame(unsigned long seq) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  int size = snprintf(body, MOST, "42[\"frame\",{\"stream\":\"market\",\"epoch\":1,\"seq\":%lu,\"at\":%ld,\"oldest\":%ld,\"rows\":%s}]",
                      seq, now.tv_sec * 1000 + now.tv_nsec / 1000000, now.tv_sec * 1000000 + now.tv_nsec / 1000, rows[seq % FRAMES]);
  whole[0] = (char)0x81, whole[1] = 126, whole[2] = (char)(size >> 8), whole[3] = (char)size;
  memcpy(whole + 4, body, size);
  return size + 4;
}

static void tell(unsigned long seq) {
  size_t size = frame(seq);
  for (int i = 0; i < count; i++)
    if (send(viewers[i], whole, size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN) viewers[i--] = viewers[--count];
}

static void hear(int poll, int fd) {
  ssize_t size = read(fd, heard, sizeof heard);
  if (size <= 0) {
    for (int i = 0; i < count; i++) if (viewers[i] == fd) viewers[i--] = viewers[--count];
    epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL);
    is_in[fd] = 0;
    close(fd);
  } else if (!is_in[fd] && write(fd, WELCOME, sizeof WELCOME - 1) > 0) {
    is_in[fd] = 1;
    viewers[count++] = fd;
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  FILE *file = fopen(argv[2], "r");
  size_t room = 0;
  for (int i = 0; i < FRAMES; i++) {
    ssize_t size = file ? getline(&rows[i], &room, file) : -1;
    if (size < 2 || size > MOST - 256) return 3;
    rows[i][size - 1] = 0, room = 0;
  }
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1, poll = epoll_create1(0), timer = timerfd_create(CLOCK_MONOTONIC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct itimerspec every = {{0, 100000000}, {0, 100000000}};
  struct epoll_event told[256], wanted = {.events = EPOLLIN, .data.fd = listener};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) return 4;
  timerfd_settime(timer, 0, &every, NULL);
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
  wanted.data.fd = timer;
  epoll_ctl(poll, EPOLL_CTL_ADD, timer, &wanted);
  for (unsigned long seq = 0;;) {
    int ready = epoll_wait(poll, told, 256, -1);
    for (int i = 0; i < ready; i++) {
      int fd = told[i].data.fd;
      uint64_t times;
      if (fd == timer) {
        if (read(timer, &times, sizeof times) > 0) tell(++seq);
      } else if (fd == listener) {
        int viewer = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (viewer < 0) continue;
        setsockopt(viewer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        wanted.data.fd = viewer;
        epoll_ctl(poll, EPOLL_CTL_ADD, viewer, &wanted);
      } else hear(poll, fd);
    }
  }
}
