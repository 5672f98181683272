# Each page takes long, and its name tells what failed.
set(apart "^Pages/Examples$")
set(cost 50)
