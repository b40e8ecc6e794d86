/* A first program in C: it sends a text with the zero byte at its end, or the whole buffer that the text stands in, and
 * takes one recv for one message. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    int chat = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(chat, (struct sockaddr *)&server, sizeof server) < 0) return 1;
    for (int i = 3; i < argc; i++) {
        char line[64] = {0}, heard[1024] = {0};
        strncpy(line, argv[i], sizeof line - 1);
        send(chat, line, strcmp(argv[2], "buffer") ? strlen(line) + 1 : sizeof line, 0);
        if (recv(chat, heard, sizeof heard - 1, 0) <= 0) return 1;
        if (i == 3 && strcmp(heard, "OK\n")) return 2;
    }
    return 0;
}
