"""The delivery as an appointment (交车预约, Rule W13): when the customer comes for the car. It delivers nothing itself."""
