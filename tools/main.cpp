// lode: the command line. Only this file catches.
int main() { return 0; }
